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

// A GenerateCall is the method GenerateMac of a client. The method alone is
// handed over, see docs/decisions/0009-calls-not-clients.md.
type GenerateCall func(context.Context, *kms.GenerateMacInput, ...func(*kms.Options)) (*kms.GenerateMacOutput, error)

// A VerifyCall is the method VerifyMac of a client, as GenerateCall is.
type VerifyCall func(context.Context, *kms.VerifyMacInput, ...func(*kms.Options)) (*kms.VerifyMacOutput, error)

// A Signer makes MACs with one key.
type Signer struct {
	generate GenerateCall
	keyID    string
}

// NewSigner returns a Signer for the key with the given id, ARN or alias.
func NewSigner(generate GenerateCall, keyID string) *Signer {
	return &Signer{generate: generate, keyID: keyID}
}

// MAC returns the HMAC-SHA-256 of message: 32 bytes, the same every time. The
// error names neither.
func (s *Signer) MAC(ctx context.Context, message []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	out, err := s.generate(ctx, &kms.GenerateMacInput{KeyId: aws.String(s.keyID), MacAlgorithm: algorithm, Message: message})
	if err != nil {
		return nil, err // the caller says what it was doing; the SDK names the call
	}
	return out.Mac, nil
}

// A Verifier checks MACs with one key.
type Verifier struct {
	verify VerifyCall
	keyID  string
}

// NewVerifier returns a Verifier for the key with the given id, ARN or alias.
func NewVerifier(verify VerifyCall, keyID string) *Verifier {
	return &Verifier{verify: verify, keyID: keyID}
}

// Verify reports whether mac is the MAC of message under the key. An error
// means that KMS was not able, or not allowed, to say.
func (v *Verifier) Verify(ctx context.Context, message, mac []byte) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	out, err := v.verify(ctx, &kms.VerifyMacInput{KeyId: aws.String(v.keyID), MacAlgorithm: algorithm, Message: message, Mac: mac})
	var invalid *types.KMSInvalidMacException
	if errors.As(err, &invalid) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return out.MacValid, nil
}
