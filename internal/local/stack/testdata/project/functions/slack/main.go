// Command slack stands in for functions/slack.
package main

import "github.com/signalbox/signalbox/internal/local/stack/testdata/project/echo"

func main() { echo.Serve() }
