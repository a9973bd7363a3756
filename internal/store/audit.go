package store

import (
	"encoding/json"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/people"
)

// An auditEntry tells, long after the request is gone, who decided what, about
// which revisions, and under which rule. It must not hold the token.
type auditEntry struct {
	RequestID string `json:"request_id"`
	Version   int64  `json:"version"`
	approval.Action
	ActionExecutionID string              `json:"action_execution_id"`
	Environment       string              `json:"environment,omitempty"`
	Policy            string              `json:"policy"`
	Approvers         []people.Person     `json:"approvers"`
	StartedBy         string              `json:"started_by,omitempty"`
	Revisions         []approval.Revision `json:"revisions,omitempty"`
	Vote              approval.Vote       `json:"vote"`
}

func auditItem(r approval.Request) (map[string]types.AttributeValue, error) {
	encoded, err := json.Marshal(auditEntry{
		RequestID: r.ID, Version: r.Version, Action: r.Action, ActionExecutionID: r.ActionExecutionID,
		Environment: r.Environment, Policy: r.Policy, Approvers: r.Approvers,
		StartedBy: r.StartedBy, Revisions: r.Revisions, Vote: *r.Vote,
	})
	if err != nil {
		return nil, fmt.Errorf("encode audit entry of request %s: %w", r.ID, err)
	}
	item := auditKey(r).item()
	item[doc] = text(string(encoded))
	return item, nil
}
