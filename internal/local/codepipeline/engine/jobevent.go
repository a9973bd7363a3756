package engine

import (
	"time"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// A jobEvent is what a function receives under "CodePipeline.job". It says
// less than GetJobDetails: no pipeline, stage, action or execution.
type jobEvent struct {
	ID        string       `json:"id"`
	AccountID string       `json:"accountId"`
	Data      jobEventData `json:"data"`
}

type jobEventData struct {
	ActionConfiguration api.ActionConfiguration `json:"actionConfiguration"`
	InputArtifacts      []jobEventArtifact      `json:"inputArtifacts"`
	OutputArtifacts     []jobEventArtifact      `json:"outputArtifacts"`
	ArtifactCredentials jobEventCredentials     `json:"artifactCredentials"`
	ContinuationToken   string                  `json:"continuationToken,omitempty"`
	EncryptionKey       *api.EncryptionKey      `json:"encryptionKey,omitempty"`
}

// A jobEventArtifact has a revision even when that is null.
type jobEventArtifact struct {
	Name     string                  `json:"name"`
	Revision *string                 `json:"revision"`
	Location api.JobArtifactLocation `json:"location"`
}

type jobEventCredentials struct {
	api.JobCredentials
	// ExpirationTime is in milliseconds since 1970.
	ExpirationTime int64 `json:"expirationTime"`
}

// jobCredentials look like credentials and open nothing: the local S3 asks for
// none.
var jobCredentials = api.JobCredentials{
	AccessKeyID:     "ASIALOCALLOCALLOCAL0",
	SecretAccessKey: "LOCAL-SECRET-NOT-REAL",
	SessionToken:    "LOCAL-SESSION-TOKEN-NOT-REAL",
}

func (e *Engine) jobEvent(j *job) jobEvent {
	r := j.run
	return jobEvent{
		ID: j.id, AccountID: e.opts.Account,
		Data: jobEventData{
			ActionConfiguration: api.ActionConfiguration{Configuration: r.resolved},
			InputArtifacts:      eventArtifacts(r.execution.jobArtifacts(r.inputs)),
			OutputArtifacts:     eventArtifacts(r.execution.jobArtifacts(r.outputs)),
			ArtifactCredentials: jobEventCredentials{
				JobCredentials: jobCredentials,
				ExpirationTime: e.now().Add(time.Hour).UnixMilli(),
			},
			ContinuationToken: j.token,
			EncryptionKey:     e.store(r.execution.decl, r.action).EncryptionKey,
		},
	}
}

func (x *execution) jobArtifacts(details []api.ArtifactDetail) []api.JobArtifact {
	out := make([]api.JobArtifact, 0, len(details))
	for _, d := range details {
		out = append(out, api.JobArtifact{
			Name: d.Name,
			Location: api.JobArtifactLocation{
				Type:       "S3",
				S3Location: api.JobS3Location{BucketName: d.S3Location.Bucket, ObjectKey: d.S3Location.Key},
			},
		})
	}
	return out
}

func eventArtifacts(in []api.JobArtifact) []jobEventArtifact {
	out := make([]jobEventArtifact, 0, len(in))
	for _, a := range in {
		out = append(out, jobEventArtifact{Name: a.Name, Revision: a.Revision, Location: a.Location})
	}
	return out
}
