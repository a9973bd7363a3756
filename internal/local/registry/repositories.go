package registry

import (
	"cmp"
	"maps"
	"slices"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// How tags may be moved. (Service model, ImageTagMutability.)
const (
	mutable   = "MUTABLE"
	immutable = "IMMUTABLE"
)

type encryption struct {
	Type string `json:"encryptionType"`
	Key  string `json:"kmsKey,omitempty"`
}

type scanningConfiguration struct {
	ScanOnPush bool `json:"scanOnPush"`
}

type createRepositoryInput struct {
	RegistryID string                `json:"registryId"`
	Name       string                `json:"repositoryName"`
	Mutability string                `json:"imageTagMutability"`
	Exclusions []struct{}            `json:"imageTagMutabilityExclusionFilters"`
	Scanning   scanningConfiguration `json:"imageScanningConfiguration"`
	Encryption encryption            `json:"encryptionConfiguration"`
}

type repositoryDescription struct {
	ARN        string                `json:"repositoryArn"`
	RegistryID string                `json:"registryId"`
	Name       string                `json:"repositoryName"`
	URI        string                `json:"repositoryUri"`
	CreatedAt  api.Time              `json:"createdAt"`
	Mutability string                `json:"imageTagMutability"`
	Scanning   scanningConfiguration `json:"imageScanningConfiguration"`
	Encryption encryption            `json:"encryptionConfiguration"`
}

type repositoryOutput struct {
	Repository repositoryDescription `json:"repository"`
}

func (s *Service) createRepository(in createRepositoryInput) (repositoryOutput, error) {
	if in.RegistryID != "" && in.RegistryID != s.opts.Account {
		_, err := s.repository(in.RegistryID, in.Name)
		return repositoryOutput{}, err
	}
	if s.repositories[in.Name] != nil {
		return repositoryOutput{}, api.Errorf(repositoryExists, "The repository with name '%s' already exists in the registry with id '%s'", in.Name, s.opts.Account)
	}
	if m := cmp.Or(in.Mutability, mutable); m != mutable && m != immutable || len(in.Exclusions) > 0 {
		return repositoryOutput{}, api.Errorf(invalidParameter, "Invalid parameter at 'imageTagMutability' failed to satisfy constraint: "+
			"this local registry has no exclusions from mutability")
	}
	r, err := s.newRepository(in.Name)
	if err != nil {
		return repositoryOutput{}, err
	}
	r.mutability = cmp.Or(in.Mutability, mutable)
	r.scanOnPush = in.Scanning.ScanOnPush
	if in.Encryption.Type != "" {
		r.encryption = in.Encryption
	}
	return repositoryOutput{s.describe(r)}, nil
}

// newRepository adds an empty repository with the defaults.
func (s *Service) newRepository(name string) (*repository, error) {
	if len(s.repositories) >= maxRepositories {
		return nil, api.Errorf(limitExceeded, "This local registry has %d repositories and takes no more", maxRepositories)
	}
	r := &repository{
		name: name, arn: "arn:aws:ecr:" + s.opts.Region + ":" + s.opts.Account + ":repository/" + name, createdAt: s.now(),
		mutability: mutable, encryption: encryption{Type: "AES256"}, images: map[string]*image{}, tags: map[string]string{},
	}
	s.repositories[name] = r
	return r, nil
}

func (s *Service) describe(r *repository) repositoryDescription {
	return repositoryDescription{
		ARN: r.arn, RegistryID: s.opts.Account, Name: r.name, URI: s.host() + "/" + r.name, CreatedAt: api.Time{Time: r.createdAt},
		Mutability: r.mutability, Scanning: scanningConfiguration{r.scanOnPush}, Encryption: r.encryption,
	}
}

// host is where images would be pulled from.
func (s *Service) host() string {
	return s.opts.Account + ".dkr.ecr." + s.opts.Region + ".amazonaws.com"
}

type describeRepositoriesInput struct {
	RegistryID string   `json:"registryId"`
	Names      []string `json:"repositoryNames"`
	NextToken  string   `json:"nextToken"`
	MaxResults int      `json:"maxResults"`
}

type describeRepositoriesOutput struct {
	Repositories []repositoryDescription `json:"repositories"`
	NextToken    string                  `json:"nextToken,omitempty"`
}

func (s *Service) describeRepositories(in describeRepositoriesInput) (describeRepositoriesOutput, error) {
	if len(in.Names) > 0 && (in.NextToken != "" || in.MaxResults != 0) {
		return describeRepositoriesOutput{}, api.Errorf(invalidParameter, "Invalid parameter at 'repositoryNames' failed to satisfy constraint: "+
			"it cannot be used with nextToken or maxResults")
	}
	names := in.Names
	if len(names) == 0 {
		names = slices.Sorted(maps.Keys(s.repositories))
	}
	rows, next, err := page(names, "repositories", in.NextToken, cmp.Or(in.MaxResults, defaultPage))
	if err != nil {
		return describeRepositoriesOutput{}, err
	}
	out := describeRepositoriesOutput{Repositories: []repositoryDescription{}, NextToken: next}
	for _, n := range rows {
		r, err := s.repository(in.RegistryID, n)
		if err != nil {
			return describeRepositoriesOutput{}, err
		}
		out.Repositories = append(out.Repositories, s.describe(r))
	}
	return out, nil
}
