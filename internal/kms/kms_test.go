package kms_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	awskms "github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"github.com/signalbox/signalbox/internal/kms"
)

const keyID = "1234abcd-12ab-34cd-56ef-1234567890ab"

// service is KMS with one HMAC key.
type service struct {
	denied error
	hangs  bool
}

func (s service) call(ctx context.Context, key *string, spec types.MacAlgorithmSpec) error {
	if s.hangs {
		<-ctx.Done()
		return ctx.Err()
	}
	if aws.ToString(key) != keyID || spec != types.MacAlgorithmSpecHmacSha256 {
		return &types.NotFoundException{}
	}
	return s.denied
}

func mac(message []byte) []byte {
	h := hmac.New(sha256.New, []byte("the key"))
	h.Write(message)
	return h.Sum(nil)
}

func (s service) GenerateMac(ctx context.Context, in *awskms.GenerateMacInput, _ ...func(*awskms.Options)) (*awskms.GenerateMacOutput, error) {
	if err := s.call(ctx, in.KeyId, in.MacAlgorithm); err != nil {
		return nil, err
	}
	return &awskms.GenerateMacOutput{Mac: mac(in.Message)}, nil
}

func (s service) VerifyMac(ctx context.Context, in *awskms.VerifyMacInput, _ ...func(*awskms.Options)) (*awskms.VerifyMacOutput, error) {
	if err := s.call(ctx, in.KeyId, in.MacAlgorithm); err != nil {
		return nil, err
	}
	if !hmac.Equal(in.Mac, mac(in.Message)) {
		return nil, fmt.Errorf("operation error KMS: VerifyMac: %w", &types.KMSInvalidMacException{})
	}
	return &awskms.VerifyMacOutput{MacValid: true}, nil
}

func TestWhatWasSignedIsVerified(t *testing.T) {
	t.Parallel()
	message := []byte("a message")
	signed, err := kms.NewSigner(service{}.GenerateMac, keyID).MAC(t.Context(), message)
	if err != nil || len(signed) != sha256.Size {
		t.Fatalf("MAC = %x, %v", signed, err)
	}
	v := kms.NewVerifier(service{}.VerifyMac, keyID)
	if ok, err := v.Verify(t.Context(), message, signed); !ok || err != nil {
		t.Errorf("Verify = %v, %v", ok, err)
	}
	if ok, err := v.Verify(t.Context(), []byte("another"), signed); ok || err != nil {
		t.Errorf("Verify of a forged message = %v, %v; want false and no error", ok, err)
	}
}

func TestARefusalByKMSIsAnError(t *testing.T) {
	t.Parallel()
	denied := errors.New("AccessDeniedException")
	if m, err := kms.NewSigner(service{denied: denied}.GenerateMac, keyID).MAC(t.Context(), nil); !errors.Is(err, denied) {
		t.Errorf("MAC = %x, %v", m, err)
	}
	if ok, err := kms.NewVerifier(service{denied: denied}.VerifyMac, keyID).Verify(t.Context(), nil, nil); ok || !errors.Is(err, denied) {
		t.Errorf("Verify = %v, %v", ok, err)
	}
}

func TestAHangingKMSIsGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { // its clock jumps while everybody waits
		if m, err := kms.NewSigner(service{hangs: true}.GenerateMac, keyID).MAC(t.Context(), nil); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("MAC = %x, %v", m, err)
		}
		if ok, err := kms.NewVerifier(service{hangs: true}.VerifyMac, keyID).Verify(t.Context(), nil, nil); ok || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Verify = %v, %v", ok, err)
		}
	})
}
