package pipeline

import (
	"context"
	"encoding/xml"
	"fmt"
	"net/url"
	"regexp"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/signalbox/signalbox/internal/pipeline/signed"
)

// A Place is where pipelines are.
type Place struct {
	Account string // twelve digits
	Region  string
}

const (
	// expiryWindow is how long before they expire credentials are renewed:
	// longer than any call lasts with its repetitions.
	expiryWindow = 2 * time.Minute
	// assumedFor is how long they last, in seconds. A function has its own
	// credentials from a role, and AWS allows such a chain no more than an hour.
	assumedFor = "3600"
	// maxPlaces bounds the clients that are kept.
	maxPlaces = 64
)

var sts = signed.Service{ID: "STS", Host: "sts", Name: "sts"}

var accountID = regexp.MustCompile(`^[0-9]{12}$`)

// Accounts reaches pipelines in other accounts and Regions: with the own
// credentials in the own account, and elsewhere through a role of the same
// name in every account. It is safe for concurrent use.
type Accounts struct {
	config        aws.Config
	home          string
	role, session string
	now           func() time.Time

	mu     sync.Mutex
	roles  map[string]aws.CredentialsProvider // by account
	places map[Place]Calls
}

// NewAccounts returns the accounts that the credentials of c reach. home is
// the account to which they belong, and role the name of the role to assume in
// others, its path included; empty if no others are served. session is under
// whose name CloudTrail shows there what we do, such as "signalbox-approval".
// now tells the time, usually time.Now.
func NewAccounts(c aws.Config, home, role, session string, now func() time.Time) *Accounts {
	return &Accounts{
		config: c, home: home, role: role, session: session, now: now,
		roles: map[string]aws.CredentialsProvider{}, places: map[Place]Calls{},
	}
}

// Calls are those that reach the pipelines of p. It makes no call itself: a
// role is assumed when it is first needed. The error says in a sentence why
// there is no way there.
func (a *Accounts) Calls(p Place) (Calls, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if calls, ok := a.places[p]; ok {
		return calls, nil
	}
	c, err := a.reach(p)
	if err != nil {
		return Calls{}, err
	}
	if len(a.places) >= maxPlaces {
		clear(a.places)
	}
	a.places[p] = callsWith(c, a.now)
	return a.places[p], nil
}

// Config is what a client needs that serves the pipelines of p. Its errors are
// those of Calls.
func (a *Accounts) Config(p Place) (aws.Config, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.reach(p)
}

func (a *Accounts) reach(p Place) (aws.Config, error) {
	partition, err := signed.PartitionOf(p.Region)
	if err != nil {
		return aws.Config{}, err
	}
	if !accountID.MatchString(p.Account) {
		return aws.Config{}, fmt.Errorf("%q is not the id of an account", p.Account)
	}
	if p.Account != a.home && a.role == "" {
		return aws.Config{}, fmt.Errorf("the pipeline is in account %s, and no role is configured by which account %s could reach others (PIPELINE_ROLE)", p.Account, a.home)
	}
	c := a.config.Copy()
	c.Region = p.Region
	if p.Account != a.home {
		c.Credentials = a.assumed(p.Account, partition.Name)
	}
	return c, nil
}

// assumed are the credentials of the role in account, for all its Regions. The
// cache asks once for all who wait, and again shortly before they expire.
func (a *Accounts) assumed(account, partition string) aws.CredentialsProvider {
	if known, ok := a.roles[account]; ok {
		return known
	}
	if len(a.roles) >= maxPlaces {
		clear(a.roles)
	}
	role := &assumption{
		caller: signed.New(a.config, a.now), session: a.session,
		arn: "arn:" + partition + ":iam::" + account + ":role/" + a.role,
	}
	a.roles[account] = aws.NewCredentialsCache(role, func(o *aws.CredentialsCacheOptions) { o.ExpiryWindow = expiryWindow })
	return a.roles[account]
}

// An assumption gets the credentials of a role.
type assumption struct {
	caller       *signed.Caller
	arn, session string
}

// assumed is the answer of AssumeRole.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
type assumed struct {
	XMLName     xml.Name `xml:"AssumeRoleResponse"`
	Credentials struct {
		AccessKeyID     string `xml:"AccessKeyId"`
		SecretAccessKey string
		SessionToken    string
		Expiration      time.Time
	} `xml:"AssumeRoleResult>Credentials"`
}

// Retrieve assumes the role.
func (r *assumption) Retrieve(ctx context.Context) (aws.Credentials, error) {
	var out assumed
	err := r.caller.Query(ctx, sts, url.Values{
		"Action": {"AssumeRole"}, "Version": {"2011-06-15"},
		"RoleArn": {r.arn}, "RoleSessionName": {r.session}, "DurationSeconds": {assumedFor},
	}, &out)
	if err != nil {
		return aws.Credentials{}, fmt.Errorf("assume the role %s: %w", r.arn, err)
	}
	k := out.Credentials
	if k.AccessKeyID == "" || k.SecretAccessKey == "" {
		return aws.Credentials{}, fmt.Errorf("assume the role %s: the answer has no credentials", r.arn)
	}
	return aws.Credentials{
		AccessKeyID: k.AccessKeyID, SecretAccessKey: k.SecretAccessKey, SessionToken: k.SessionToken,
		CanExpire: true, Expires: k.Expiration, Source: "AssumeRole",
	}, nil
}
