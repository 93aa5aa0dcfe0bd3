package recorder

import (
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	metadatafake "k8s.io/client-go/metadata/fake"
	clienttesting "k8s.io/client-go/testing"
	"sigs.k8s.io/gateway-api/pkg/consts"

	"istio.io/istio/pkg/config/schema/gvr"
	kubelib "istio.io/istio/pkg/kube"
	"istio.io/istio/pkg/kube/kclient/clienttest"
)

// gatewayAPI makes a cluster in which the whole Gateway API is installed. The in-memory server installs some of its
// kinds without a version, whereupon istiod ignores them; that is undone here.
func gatewayAPI(t asking) func(kubelib.Client) {
	return func(client kubelib.Client) {
		version := map[string]string{consts.BundleVersionAnnotation: consts.BundleVersion}
		for _, kind := range []schema.GroupVersionResource{
			gvr.GatewayClass, gvr.KubernetesGateway, gvr.ListenerSet, gvr.ReferenceGrant, gvr.BackendTLSPolicy,
			gvr.HTTPRoute, gvr.GRPCRoute, gvr.TCPRoute, gvr.TLSRoute,
		} {
			clienttest.MakeCRDWithAnnotations(t, client, kind, version)
		}
		client.Metadata().(*metadatafake.FakeMetadataClient).PrependReactor("update", "customresourcedefinitions",
			func(action clienttesting.Action) (bool, runtime.Object, error) {
				return true, action.(clienttesting.UpdateAction).GetObject(), nil
			})
	}
}
