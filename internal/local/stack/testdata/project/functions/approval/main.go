// Command approval stands in for functions/approval.
package main

import "github.com/signalbox/signalbox/internal/local/stack/testdata/project/echo"

func main() { echo.Serve() }
