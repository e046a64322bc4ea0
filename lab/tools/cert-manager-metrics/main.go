// What cert-manager says of certificates, by its own code: the collector and the server of its controller. The controller's program is a module that no registry has.
package main

import (
	"context"
	"log"
	"net"
	"os"

	"github.com/cert-manager/cert-manager/pkg/client/clientset/versioned"
	"github.com/cert-manager/cert-manager/pkg/client/informers/externalversions"
	"github.com/cert-manager/cert-manager/pkg/metrics"
	"github.com/go-logr/logr"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/utils/clock"
)

func main() {
	config, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	if err != nil {
		log.Fatal(err)
	}
	client, err := versioned.NewForConfig(config)
	if err != nil {
		log.Fatal(err)
	}
	informers := externalversions.NewSharedInformerFactory(client, 0)
	certificates := informers.Certmanager().V1().Certificates().Lister()
	informers.Start(context.Background().Done())
	listener, err := net.Listen("tcp", os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	of := metrics.New(logr.Discard(), clock.RealClock{})
	of.SetupCertificateCollector(certificates)
	log.Fatal(of.NewServer(listener).Serve(listener))
}
