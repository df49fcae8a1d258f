using System;

namespace FcpFast.Interop.Tests.Crypto;

/// <summary>[RFC 9180 §A.2.1]: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20Poly1305, base mode.</summary>
internal static class Rfc9180
{
    public static byte[] Info { get; } = Hex("4f6465206f6e2061204772656369616e2055726e");

    public static byte[] EphemeralInputKey { get; } = Hex("909a9b35d3dc4713a5e72a4da274b55d3d3821a37e5d099e74a647db583a904b");

    public static byte[] EphemeralSecret { get; } = Hex("f4ec9b33b792c372c1d2c2063507b684ef925b8c75a42dbcbf57d63ccd381600");

    public static byte[] Encapsulation { get; } = Hex("1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a");

    public static byte[] RecipientInputKey { get; } = Hex("1ac01f181fdf9f352797655161c58b75c656a6cc2716dcb66372da835542e1df");

    public static byte[] RecipientSecret { get; } = Hex("8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb");

    public static byte[] RecipientPublic { get; } = Hex("4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a");

    public static byte[] SharedSecret { get; } = Hex("0bbe78490412b4bbea4812666f7916932b828bba79942424abb65244930d69a7");

    public static byte[] Key { get; } = Hex("ad2744de8e17f4ebba575b3f5f5a8fa1f69c2a07f6e7500bc60ca6e3e3ec1c91");

    public static byte[] BaseNonce { get; } = Hex("5c4d98150661b848853b547f");

    public static byte[] ExporterSecret { get; } = Hex("a3b010d4994890e2c6968a36f64470d3c824c8f5029942feb11e7a74b2921922");

    public static byte[] Plaintext { get; } = Hex("4265617574792069732074727574682c20747275746820626561757479");

    public static byte[] FirstCiphertext { get; } = Hex(
        "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28");

    public static byte[] Hex(string text) => Convert.FromHexString(text);
}
