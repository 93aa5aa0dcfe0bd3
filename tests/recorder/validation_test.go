package recorder

import (
	"errors"

	"github.com/hashicorp/go-multierror"

	"istio.io/istio/pilot/pkg/config/kube/crd"
	"istio.io/istio/pkg/config/schema/collections"
	"istio.io/istio/pkg/config/schema/resource"
	"sigs.k8s.io/yaml"
)

// verdict is what the admission webhook answers for one object.
type verdict struct {
	Errors   []string `json:"errors,omitempty"`
	Warnings []string `json:"warnings,omitempty"`
}

// judge decides about an object in the webhook's own three steps: is its kind known, can it be read, is it right.
func judge(text, domain string) (given verdict) {
	defer func() {
		if caught := recover(); caught != nil {
			given = verdict{Errors: []string{"panic"}}
		}
	}()
	var object crd.IstioKind
	if err := yaml.Unmarshal([]byte(text), &object); err != nil {
		return verdict{Errors: []string{"cannot decode configuration: " + err.Error()}}
	}
	gvk := object.GroupVersionKind()
	schema, known := collections.Istio.FindByGroupKind(resource.FromKubernetesGVK(&gvk))
	if !known {
		return verdict{Errors: []string{"unrecognized type " + gvk.String()}}
	}
	config, err := crd.ConvertObject(schema, &object, domain)
	if err != nil {
		return verdict{Errors: []string{"error decoding configuration: " + err.Error()}}
	}
	warnings, refusals := schema.ValidateConfig(*config)
	return verdict{Errors: told(refusals), Warnings: told(warnings)}
}

func told(err error) []string {
	if err == nil {
		return nil
	}
	var several *multierror.Error
	if !errors.As(err, &several) {
		return []string{err.Error()}
	}
	var each []string
	for _, one := range several.Errors {
		each = append(each, one.Error())
	}
	return each
}
