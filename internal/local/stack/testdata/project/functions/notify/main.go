// Command notify stands in for functions/notify.
package main

import "github.com/signalbox/signalbox/internal/local/stack/testdata/project/echo"

func main() { echo.Serve() }
