//! Values that cannot be wrong once they exist: how a text from outside becomes one of ours.

/// Why a text is not the value that it should be: a plain sentence for the person who sent it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Invalid(pub &'static str);

/// Gives a type that has `parse(&str) -> Result<Self, Invalid>` and `as_str(&self) -> &str` its
/// `Display`, `FromStr`, serde (as that text) and the reading from a request's body.
macro_rules! text_value {
    ($name:ty) => {
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as serde::Deserialize<'de>>::deserialize(deserializer)?;
                Self::parse(&text).map_err(serde::de::Error::custom)
            }
        }
        $crate::parse::from_body!($name);
    };
}

/// The reading of such a type from a request's body alone.
macro_rules! from_body {
    ($name:ty) => {
        impl std::str::FromStr for $name {
            type Err = $crate::parse::Invalid;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }
        impl<E: deserr::DeserializeError> deserr::Deserr<E> for $name {
            fn deserialize_from_value<V: deserr::IntoValue>(
                value: deserr::Value<V>,
                location: deserr::ValuePointerRef<'_>,
            ) -> Result<Self, E> {
                let text = <String as deserr::Deserr<E>>::deserialize_from_value(value, location)?;
                Self::parse(&text).map_err(|why| {
                    deserr::take_cf_content(E::error::<V>(
                        None,
                        deserr::ErrorKind::Unexpected { msg: why.to_string() },
                        location,
                    ))
                })
            }
        }
    };
}

/// An enum whose variants have one spelling each, on the wire and in the table.
macro_rules! word_enum {
    ($(#[$meta:meta])* $vis:vis enum $name:ident: $why:literal { $($(#[$vmeta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, utoipa::ToSchema)]
        $(#[$meta])*
        $vis enum $name { $($(#[$vmeta])* #[schema(rename = $word)] $variant),+ }
        impl $name {
            /// All of them, in their order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// As it is spelled on the wire and in the table.
            #[must_use]
            pub const fn as_str(&self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
            /// # Errors
            /// When the text is none of the words.
            pub fn parse(text: &str) -> Result<Self, $crate::parse::Invalid> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => Err($crate::parse::Invalid($why)),
                }
            }
        }
        $crate::parse::text_value!($name);
    };
}

pub(crate) use {from_body, text_value, word_enum};
