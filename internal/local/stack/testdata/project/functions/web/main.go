// Command web stands in for functions/web.
package main

import "github.com/signalbox/signalbox/internal/local/stack/testdata/project/echo"

func main() { echo.Serve() }
