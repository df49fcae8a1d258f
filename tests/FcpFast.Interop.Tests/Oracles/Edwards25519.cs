using System.Linq;
using System.Numerics;
using System.Security.Cryptography;

namespace FcpFast.Interop.Tests.Oracles;

/// <summary>The curve of Ed25519 on big integers: slow, leaky, and only for making signatures that a strict verifier must refuse.</summary>
/// <remarks>Source: [RFC 8032 §5.1].</remarks>
internal static class Edwards25519
{
    public static readonly BigInteger Order = BigInteger.Pow(2, 252) + BigInteger.Parse("27742317777372353535851937790883648493");

    private static readonly BigInteger P = BigInteger.Pow(2, 255) - 19;
    private static readonly BigInteger D = Mod(-121665 * Inverse(121666));

    public static (BigInteger X, BigInteger Y) Base { get; } = FromY(Mod(4 * Inverse(5)), odd: false)!.Value;

    public static (BigInteger X, BigInteger Y) Identity => (0, 1);

    /// <summary>The eight points whose order divides 8.</summary>
    public static (BigInteger X, BigInteger Y)[] SmallOrderPoints()
    {
        // Any point times the group order has an order that divides 8; a generator of that subgroup shows itself by its order.
        for (BigInteger y = 2; ; y++)
        {
            if (FromY(y, odd: false) is not { } point) continue;
            (BigInteger X, BigInteger Y) torsion = Multiply(point, Order);
            if (Multiply(torsion, 4) == Identity) continue;
            return Enumerable.Range(0, 8).Select(i => Multiply(torsion, i)).ToArray();
        }
    }

    public static (BigInteger X, BigInteger Y) Add((BigInteger X, BigInteger Y) a, (BigInteger X, BigInteger Y) b)
    {
        BigInteger product = Mod(D * a.X * b.X * a.Y * b.Y);
        return (Mod(((a.X * b.Y) + (b.X * a.Y)) * Inverse(1 + product)), Mod(((a.Y * b.Y) + (a.X * b.X)) * Inverse(1 - product)));
    }

    public static (BigInteger X, BigInteger Y) Multiply((BigInteger X, BigInteger Y) point, BigInteger scalar)
    {
        (BigInteger X, BigInteger Y) sum = Identity;
        for (; scalar > 0; scalar >>= 1)
        {
            if (!scalar.IsEven) sum = Add(sum, point);
            point = Add(point, point);
        }

        return sum;
    }

    public static byte[] Encode((BigInteger X, BigInteger Y) point) => Bytes(point.Y | (point.X.IsEven ? BigInteger.Zero : BigInteger.One << 255));

    /// <summary>32 little-endian bytes.</summary>
    public static byte[] Bytes(BigInteger value)
    {
        byte[] bytes = value.ToByteArray(isUnsigned: true);
        return [.. bytes, .. new byte[32 - bytes.Length]];
    }

    /// <summary>The number that R, A and the message are hashed to.</summary>
    public static BigInteger Challenge(byte[] r, byte[] a, byte[] message) =>
        new BigInteger(SHA512.HashData([.. r, .. a, .. message]), isUnsigned: true) % Order;

    /// <summary>The secret number behind a seed.</summary>
    public static BigInteger Scalar(byte[] seed)
    {
        byte[] hash = SHA512.HashData(seed)[..32];
        hash[0] &= 248;
        hash[31] = (byte)((hash[31] & 127) | 64);
        return new BigInteger(hash, isUnsigned: true);
    }

    private static (BigInteger X, BigInteger Y)? FromY(BigInteger y, bool odd)
    {
        BigInteger square = Mod((BigInteger.ModPow(y, 2, P) - 1) * Inverse((D * y * y) + 1));
        BigInteger x = BigInteger.ModPow(square, (P + 3) / 8, P);
        if (Mod((x * x) - square) != 0) x = Mod(x * BigInteger.ModPow(2, (P - 1) / 4, P));
        if (Mod((x * x) - square) != 0) return null;
        return (x.IsEven == odd ? Mod(-x) : x, y);
    }

    private static BigInteger Inverse(BigInteger value) => BigInteger.ModPow(Mod(value), P - 2, P);

    private static BigInteger Mod(BigInteger value)
    {
        BigInteger rest = value % P;
        return rest.Sign < 0 ? rest + P : rest;
    }
}
