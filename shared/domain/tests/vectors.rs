//! The Wycheproof vectors of what tokens, seals and codes rest on.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use bedside_domain::jose::{EcPublicKey, der_to_raw};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::hmac;
use wycheproof::{TestResult, aead, ecdsa, mac};

/// What a vector says must happen; none of these sets has one that may go either way.
fn must_pass(result: TestResult) -> bool {
    match result {
        TestResult::Valid => true,
        TestResult::Invalid => false,
        TestResult::Acceptable => panic!("a vector that allows both"),
    }
}

fn ecdsa(name: ecdsa::TestName, raw: impl Fn(&[u8]) -> Option<[u8; 64]>) -> (usize, usize) {
    let (mut valid, mut invalid) = (0, 0);
    for group in ecdsa::TestSet::load(name).unwrap().test_groups {
        let key = EcPublicKey::from_point(group.key.key.as_slice().try_into().unwrap()).unwrap();
        for test in group.tests {
            let holds = raw(&test.sig).is_some_and(|signature| key.verify(&test.msg, &signature));
            assert_eq!(holds, must_pass(test.result), "{name:?} {}: {}", test.tc_id, test.comment);
            *if holds { &mut valid } else { &mut invalid } += 1;
        }
    }
    (valid, invalid)
}

#[test]
fn ecdsa_over_p256_in_der_as_kms_signs() {
    let (valid, invalid) = ecdsa(ecdsa::TestName::EcdsaSecp256r1Sha256, |der| der_to_raw(der).ok());
    assert!(valid > 100 && invalid > 100, "{valid} valid, {invalid} invalid");
}

#[test]
fn ecdsa_over_p256_as_r_and_s_as_tokens_carry_it() {
    let (valid, invalid) = ecdsa(ecdsa::TestName::EcdsaSecp256r1Sha256P1363, |raw| raw.try_into().ok());
    assert!(valid > 100 && invalid > 50, "{valid} valid, {invalid} invalid");
}

#[test]
fn aes_256_gcm_with_96_bit_nonces() {
    let (mut valid, mut invalid) = (0, 0);
    let set = aead::TestSet::load(aead::TestName::AesGcm).unwrap();
    let groups = set.test_groups.into_iter();
    for group in groups.filter(|group| (group.key_size, group.nonce_size, group.tag_size) == (256, 96, 128)) {
        for test in group.tests {
            let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &test.key).unwrap());
            let nonce = || Nonce::try_assume_unique_for_key(&test.nonce).unwrap();
            let mut sealed = [test.ct.as_slice(), &test.tag].concat();
            let opened = key.open_in_place(nonce(), Aad::from(test.aad.as_slice()), &mut sealed);
            let holds = opened.is_ok_and(|plain| plain == test.pt.as_slice());
            assert_eq!(holds, must_pass(test.result), "{}: {}", test.tc_id, test.comment);
            if holds {
                let mut again = test.pt.to_vec();
                key.seal_in_place_append_tag(nonce(), Aad::from(test.aad.as_slice()), &mut again).unwrap();
                assert_eq!(again, [test.ct.as_slice(), &test.tag].concat(), "{}", test.tc_id);
            }
            *if holds { &mut valid } else { &mut invalid } += 1;
        }
    }
    assert!(valid > 20 && invalid > 20, "{valid} valid, {invalid} invalid");
}

#[test]
fn hmac_sha256_with_full_tags() {
    let (mut valid, mut invalid) = (0, 0);
    let set = mac::TestSet::load(mac::TestName::HmacSha256).unwrap();
    for group in set.test_groups.into_iter().filter(|group| group.tag_size == 256) {
        for test in group.tests {
            let key = hmac::Key::new(hmac::HMAC_SHA256, &test.key);
            let holds = hmac::verify(&key, &test.msg, &test.tag).is_ok();
            assert_eq!(holds, must_pass(test.result), "{}: {}", test.tc_id, test.comment);
            *if holds { &mut valid } else { &mut invalid } += 1;
        }
    }
    assert!(valid > 20 && invalid > 20, "{valid} valid, {invalid} invalid");
}
