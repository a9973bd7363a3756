package signed

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// A Partition is a part of AWS with names and endpoints of its own.
type Partition struct {
	// Name is the second word of an ARN, such as "aws".
	Name string
	// Domain is where its services are reached.
	Domain string
}

// regional is the form of a Region's name. It becomes part of a host's name,
// so that nothing else may pass.
var regional = regexp.MustCompile(`^[a-z]{2,4}(-[a-z]+){1,3}-[0-9]{1,2}$`)

// partitions are told by how the names of their Regions begin.
var partitions = []struct {
	prefix string
	Partition
}{
	{"cn-", Partition{"aws-cn", "amazonaws.com.cn"}},
	{"us-gov-", Partition{"aws-us-gov", "amazonaws.com"}},
	{"eusc-", Partition{"aws-eusc", "amazonaws.eu"}},
	{"us-iso", Partition{}}, // not for the public, and nor are its endpoints
	{"eu-iso", Partition{}},
	{"", Partition{"aws", "amazonaws.com"}},
}

// PartitionOf tells the partition of region. It fails for what is no Region's
// name and for Regions whose endpoints are not public.
func PartitionOf(region string) (Partition, error) {
	for _, p := range partitions {
		if strings.HasPrefix(region, p.prefix) && p.Name != "" && regional.MatchString(region) {
			return p.Partition, nil
		}
		if strings.HasPrefix(region, p.prefix) {
			break
		}
	}
	return Partition{}, fmt.Errorf("the Region %q is not known", region)
}

// endpoint is what the configuration names, and else the public one.
func (c *Caller) endpoint(ctx context.Context, s Service, region string) (string, error) {
	for _, source := range c.config.ConfigSources {
		if named, ok := source.(interface {
			GetServiceBaseEndpoint(ctx context.Context, sdkID string) (string, bool, error)
		}); ok {
			if url, found, err := named.GetServiceBaseEndpoint(ctx, s.ID); found || err != nil {
				return url, err
			}
		}
	}
	if c.config.BaseEndpoint != nil {
		return *c.config.BaseEndpoint, nil
	}
	p, err := PartitionOf(region)
	if err != nil {
		return "", err
	}
	return "https://" + s.Host + "." + region + "." + p.Domain + "/", nil
}

// refusal is what the service answered instead of a result, in JSON or XML.
func refusal(response *http.Response, body []byte) error {
	var said struct {
		Type    string `json:"__type" xml:"Error>Code"`
		Message string `json:"message" xml:"Error>Message"`
	}
	if (json.Unmarshal(body, &said) != nil && xml.Unmarshal(body, &said) != nil) || said.Type == "" {
		said.Type = response.Header.Get("X-Amzn-ErrorType") // from what stands before the service
	}
	code, _, _ := strings.Cut(said.Type[strings.LastIndex(said.Type, "#")+1:], ":")
	return &smithyhttp.ResponseError{
		Response: &smithyhttp.Response{Response: response},
		Err:      &smithy.GenericAPIError{Code: code, Message: said.Message},
	}
}
