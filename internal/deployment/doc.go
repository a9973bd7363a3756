// Package deployment tests what is deployed: template.yaml, samconfig.toml and
// the flags that the functions are built with. It holds tests only.
//
// The linters of the template know whether AWS accepts it. These rules know
// what we promise: that no event is lost without an alarm, that a role allows
// the calls which its function makes and no other, that a link's token is in
// no log. Each rule is proven by planting a violation. internal/arch, beside
// this package, watches over the source code.
package deployment
