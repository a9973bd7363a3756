package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/signalbox/signalbox/internal/audit"
	"github.com/signalbox/signalbox/internal/store"
)

// auditCmd groups the commands about the audit trail.
type auditCmd struct {
	Show   auditShowCmd   `cmd:"" help:"Print what happened, to a pipeline or to one release."`
	Verify auditVerifyCmd `cmd:"" help:"Check that nothing has been changed, left out or put in another order."`
	Export auditExportCmd `cmd:"" help:"Write the evidence about one release as a page and as JSON."`
}

// A trail is where audit entries are read from. Its errors say which chain was
// being read.
type trail interface {
	// Entries lists the entries of a chain from the one with the number from
	// on, in order.
	Entries(ctx context.Context, chain string, from int64) ([]audit.Entry, error)
	// Head is the end of a chain.
	Head(ctx context.Context, chain string) (audit.Head, error)
	// Chains names all chains.
	Chains(ctx context.Context) ([]string, error)
}

// A trailFlags says which chains of which table a command is about.
type trailFlags struct {
	Table    string `placeholder:"NAME" help:"The table: the output TableName of the stack. TABLE_NAME sets it too."`
	Pipeline string `placeholder:"NAME" help:"Only this pipeline."`
	Account  string `placeholder:"ID" help:"Only pipelines in this account."`
	Region   string `placeholder:"NAME" help:"Only pipelines in this Region. The table's own is that of the AWS CLI."`
}

// open reads the table with the credentials that the AWS CLI would use.
func (f trailFlags) open(ctx context.Context, w world) (trail, error) {
	table := cmp.Or(f.Table, w.getenv("TABLE_NAME"))
	if table == "" {
		return nil, errors.New("name the table with --table or in TABLE_NAME: it is the output TableName of the stack")
	}
	ctx, cancel := context.WithTimeout(ctx, credentialsTimeout)
	defer cancel()
	c, err := awsconfig.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the AWS configuration: %w", err)
	}
	if c.Region == "" {
		return nil, errors.New("name the table's Region in AWS_REGION")
	}
	return store.New(store.CallsOf(dynamodb.NewFromConfig(c)), table), nil
}

// chains lists what the flags leave of all chains, sorted. It fails when that
// is none.
func (f trailFlags) chains(ctx context.Context, t trail) ([]string, error) {
	all, err := t.Chains(ctx)
	if err != nil {
		return nil, err
	}
	kept := slices.DeleteFunc(slices.Clone(all), func(chain string) bool {
		parts := strings.SplitN(chain, "/", 3)
		for i, want := range []string{f.Account, f.Region, f.Pipeline} {
			if want != "" && (len(parts) != 3 || parts[i] != want) {
				return true
			}
		}
		return false
	})
	slices.Sort(kept)
	switch {
	case len(all) == 0:
		return nil, errors.New("the audit trail is empty")
	case len(kept) == 0:
		return nil, fmt.Errorf("there is no such pipeline in the audit trail; there are %s", strings.Join(slices.Sorted(slices.Values(all)), ", "))
	}
	return kept, nil
}

// A recorded is a chain as it was read.
type recorded struct {
	head    audit.Head
	entries []audit.Entry
}

// maxReads bounds the attempts at reading a chain that is being written to.
const maxReads = 5

// read reads a whole chain. The head is read before and after, so that an entry
// that is written meanwhile does not look like one too many or one too few.
func read(ctx context.Context, t trail, chain string) (recorded, error) {
	head, err := t.Head(ctx, chain)
	for range maxReads {
		if err != nil {
			return recorded{}, err
		}
		r := recorded{head: head}
		if r.entries, err = t.Entries(ctx, chain, 1); err != nil {
			return recorded{}, err
		}
		if head, err = t.Head(ctx, chain); err == nil && head == r.head {
			return r, nil
		}
	}
	if err != nil {
		return recorded{}, err
	}
	return recorded{}, fmt.Errorf("the chain %s is being written to all the time: try again", chain)
}
