// Command deliver stands in for functions/deliver.
package main

import "github.com/signalbox/signalbox/internal/local/stack/testdata/project/echo"

func main() { echo.Serve() }
