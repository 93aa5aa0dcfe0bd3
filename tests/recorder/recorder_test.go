// Package recorder answers, with istiod's own code, what istiod would send to given proxies for given manifests.
//
// It is a test binary because istiod's in-memory server is made for tests. It reads questions and writes answers, both
// one JSON document a line; record.py beside it drives it.
package recorder

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"k8s.io/apimachinery/pkg/runtime"

	"istio.io/istio/pilot/pkg/config/kube/crd"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/test/xds"
	"istio.io/istio/pkg/config"
	"istio.io/istio/pkg/config/mesh"
	kubelib "istio.io/istio/pkg/kube"
)

// question holds one document a list entry, so that YAML is split in one place only, in Python.
type question struct {
	Name       string   `json:"name"`
	Istio      []string `json:"istio"`
	Kubernetes []string `json:"kubernetes"`
	Domain     string   `json:"domain"`
	Mesh       string   `json:"mesh"`
	Proxies    []proxy  `json:"proxies"`
	Judge      []string `json:"judge"`
}

type proxy struct {
	Name      string            `json:"name"`
	Type      string            `json:"type"`
	Namespace string            `json:"namespace"`
	Labels    map[string]string `json:"labels"`
	Addresses []string          `json:"addresses"`
}

type sent struct {
	Listeners []json.RawMessage `json:"listeners"`
	Routes    []json.RawMessage `json:"routes"`
	Clusters  []json.RawMessage `json:"clusters"`
}

type answer struct {
	Name     string          `json:"name"`
	Error    string          `json:"error,omitempty"`
	Proxies  map[string]sent `json:"proxies,omitempty"`
	Verdicts []verdict       `json:"verdicts,omitempty"`
}

// refusal is what istiod's test helpers say when they cannot go on.
type refusal struct{ reason string }

// asking turns a failure of istiod's helpers into a refusal, which is an answer and no failed test.
type asking struct{ *testing.T }

func (a asking) Fatal(args ...any)                 { panic(refusal{fmt.Sprint(args...)}) }
func (a asking) Fatalf(format string, args ...any) { panic(refusal{fmt.Sprintf(format, args...)}) }
func (a asking) FailNow()                          { panic(refusal{"failed"}) }

func TestRecord(t *testing.T) {
	questions, err := os.Open(os.Getenv("RECORDER_QUESTIONS"))
	if err != nil {
		t.Skip("RECORDER_QUESTIONS names no file")
	}
	defer questions.Close()
	answers, err := os.Create(os.Getenv("RECORDER_ANSWERS"))
	if err != nil {
		t.Fatal(err)
	}
	defer answers.Close()
	write := json.NewEncoder(answers)
	lines := bufio.NewScanner(questions)
	lines.Buffer(nil, 256<<20)
	for lines.Scan() {
		var asked question
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			t.Fatal(err)
		}
		given := answer{Name: asked.Name}
		for _, each := range asked.Judge {
			given.Verdicts = append(given.Verdicts, judge(each, asked.Domain))
		}
		if len(asked.Judge) > 0 {
			if err := write.Encode(given); err != nil {
				t.Fatal(err)
			}
			continue
		}
		t.Run(asked.Name, func(t *testing.T) {
			defer func() {
				if caught := recover(); caught != nil {
					if told, ok := caught.(refusal); ok {
						given.Error = told.reason
					} else {
						given.Error = fmt.Sprint("panic: ", caught)
					}
				}
			}()
			given.Proxies = ask(asking{t}, asked)
		})
		if err := write.Encode(given); err != nil {
			t.Fatal(err)
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
}

func ask(t asking, asked question) map[string]sent {
	settings, err := mesh.ApplyMeshConfigDefaults(asked.Mesh)
	if err != nil {
		t.Fatalf("mesh settings: %v", err)
	}
	server := xds.NewFakeDiscoveryServer(t, xds.FakeOptions{
		Configs:            configs(t, asked),
		KubernetesObjects:  objects(t, asked.Kubernetes),
		KubeClientModifier: gatewayAPI(t),
		MeshConfig:         settings,
	})
	given := map[string]sent{}
	for _, wanted := range asked.Proxies {
		p := server.SetupProxy(&model.Proxy{
			Type:            model.NodeType(wanted.Type),
			ConfigNamespace: wanted.Namespace,
			Labels:          wanted.Labels,
			IPAddresses:     wanted.Addresses,
			Metadata: &model.NodeMetadata{
				Namespace: wanted.Namespace,
				Labels:    wanted.Labels,
				ClusterID: "Kubernetes",
			},
		})
		listeners := server.Listeners(p)
		given[wanted.Name] = sent{
			Listeners: messages(t, listeners),
			Routes:    messages(t, server.RoutesFromListeners(p, listeners)),
			Clusters:  messages(t, server.Clusters(p)),
		}
	}
	return given
}

// configs reads Istio objects as a cluster hands them to istiod: with a namespace, an age (what has none is not in the
// cluster yet, and so the youngest) and the cluster's domain, by which short host names become complete.
func configs(t asking, asked question) []config.Config {
	youngest := time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
	var read []config.Config
	for _, text := range asked.Istio {
		found, unknown, err := crd.ParseInputs(text)
		if err != nil {
			t.Fatalf("%v", err)
		}
		if len(unknown) > 0 {
			t.Fatalf("istiod knows no %s %s", unknown[0].APIVersion, unknown[0].Kind)
		}
		for _, each := range found {
			each.Domain = asked.Domain
			if each.Namespace == "" {
				each.Namespace = "default"
			}
			if each.CreationTimestamp.IsZero() {
				each.CreationTimestamp = youngest
			}
			read = append(read, each)
		}
	}
	return read
}

func objects(t asking, texts []string) []runtime.Object {
	decoder := kubelib.IstioCodec.UniversalDeserializer()
	var read []runtime.Object
	for _, text := range texts {
		object, _, err := decoder.Decode([]byte(strings.TrimSpace(text)), nil, nil)
		if err != nil {
			t.Fatalf("%v", err)
		}
		read = append(read, object)
	}
	return read
}

func messages[M proto.Message](t asking, from []M) []json.RawMessage {
	written := []json.RawMessage{}
	for _, each := range from {
		text, err := protojson.Marshal(each)
		if err != nil {
			t.Fatalf("%v", err)
		}
		written = append(written, text)
	}
	return written
}
