// Package kms signs and verifies with an HMAC key that never leaves AWS KMS.
//
// The function that asks has a Signer and may only generate MACs; the page
// behind a link has a Verifier and may only verify them. Each call is written
// to CloudTrail by KMS. A message is at most 4 096 bytes, which KMS checks.
package kms

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
)

// algorithm belongs to keys of the spec HMAC_256.
const algorithm = types.MacAlgorithmSpecHmacSha256

// callTimeout bounds one call with its repetitions; KMS answers within
// milliseconds, and a person may be waiting.
const callTimeout = 3 * time.Second

// generator and verifier are the parts of *kms.Client used here.
type generator interface {
	GenerateMac(context.Context, *kms.GenerateMacInput, ...func(*kms.Options)) (*kms.GenerateMacOutput, error)
}

type verifier interface {
	VerifyMac(context.Context, *kms.VerifyMacInput, ...func(*kms.Options)) (*kms.VerifyMacOutput, error)
}

// GenerateFunc is a client's method GenerateMac, alone. A function that hands
// over the method instead of the client does not link the fifty other calls
// that KMS has: with X-Ray linked, the linker keeps every method of a type
// that becomes an interface.
type GenerateFunc func(context.Context, *kms.GenerateMacInput, ...func(*kms.Options)) (*kms.GenerateMacOutput, error)

// GenerateMac calls f.
func (f GenerateFunc) GenerateMac(ctx context.Context, in *kms.GenerateMacInput, o ...func(*kms.Options)) (*kms.GenerateMacOutput, error) {
	return f(ctx, in, o...)
}

// VerifyFunc is a client's method VerifyMac, alone, as GenerateFunc is.
type VerifyFunc func(context.Context, *kms.VerifyMacInput, ...func(*kms.Options)) (*kms.VerifyMacOutput, error)

// VerifyMac calls f.
func (f VerifyFunc) VerifyMac(ctx context.Context, in *kms.VerifyMacInput, o ...func(*kms.Options)) (*kms.VerifyMacOutput, error) {
	return f(ctx, in, o...)
}

// A Signer makes MACs with one key.
type Signer struct {
	api   generator
	keyID string
}

// NewSigner returns a Signer for the key with the given id, ARN or alias.
func NewSigner(api generator, keyID string) *Signer { return &Signer{api: api, keyID: keyID} }

// MAC returns the HMAC-SHA-256 of message: 32 bytes, the same every time. The
// error names neither.
func (s *Signer) MAC(ctx context.Context, message []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	out, err := s.api.GenerateMac(ctx, &kms.GenerateMacInput{KeyId: aws.String(s.keyID), MacAlgorithm: algorithm, Message: message})
	if err != nil {
		return nil, err // the caller says what it was doing; the SDK names the call
	}
	return out.Mac, nil
}

// A Verifier checks MACs with one key.
type Verifier struct {
	api   verifier
	keyID string
}

// NewVerifier returns a Verifier for the key with the given id, ARN or alias.
func NewVerifier(api verifier, keyID string) *Verifier { return &Verifier{api: api, keyID: keyID} }

// Verify reports whether mac is the MAC of message under the key. An error
// means that KMS was not able, or not allowed, to say.
func (v *Verifier) Verify(ctx context.Context, message, mac []byte) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	out, err := v.api.VerifyMac(ctx, &kms.VerifyMacInput{KeyId: aws.String(v.keyID), MacAlgorithm: algorithm, Message: message, Mac: mac})
	var invalid *types.KMSInvalidMacException
	if errors.As(err, &invalid) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return out.MacValid, nil
}
