// CoreDNS itself, with only the plugins that answer, forward and count: with all of its own it takes ten times as long to build.
package main

import (
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/coremain"
	_ "github.com/coredns/coredns/plugin/bind"
	_ "github.com/coredns/coredns/plugin/cache"
	_ "github.com/coredns/coredns/plugin/forward"
	_ "github.com/coredns/coredns/plugin/hosts"
	_ "github.com/coredns/coredns/plugin/metrics"
)

func init() {
	dnsserver.Directives = []string{"bind", "prometheus", "cache", "hosts", "forward"}
}

func main() {
	coremain.Run()
}
