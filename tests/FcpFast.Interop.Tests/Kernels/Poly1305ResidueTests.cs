using System;
using System.Numerics;
using FcpFast.Interop.Kernels;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Interop.Tests.Kernels;

/// <summary>[RFC 8439 §2.5]: limbs against whole numbers, with limbs that are empty, full or random.</summary>
public sealed class Poly1305ResidueTests
{
    private const ulong TopMax = 8;
    private static readonly BigInteger Modulus = (BigInteger.One << 130) - 5;

    [Fact]
    public void AddMultiplyReduce_LimbsOfEveryKind_EqualWholeNumbers() => Seeded.Run(4000, random =>
    {
        Poly1305Residue left = Any(random), right = Any(random);
        Assert.Equal(Value(left) + Value(right), Value(Poly1305Residue.Add(left, right)));

        Poly1305Residue product = Poly1305Residue.Multiply(left, right);
        Assert.Equal(Value(left) * Value(right) % Modulus, Value(product) % Modulus);
        Assert.InRange(product.Top, 0ul, 4ul);

        Poly1305Residue reduced = Poly1305Residue.Reduce(left with { Top = (ulong)random.Next(1000) });
        Assert.InRange(reduced.Top, 0ul, 4ul);
        Poly1305Residue same = Poly1305Residue.Reduce(left);
        Assert.Equal(Value(left) % Modulus, Value(same) % Modulus);
    });

    private static BigInteger Value(Poly1305Residue limbs) => limbs.Low + ((BigInteger)limbs.High << 64) + ((BigInteger)limbs.Top << 128);

    private static Poly1305Residue Any(Random random) => new(Limb(random), Limb(random), (ulong)random.Next((int)TopMax + 1));

    private static ulong Limb(Random random) => random.Next(5) switch
    {
        0 => 0,
        1 => ulong.MaxValue,
        2 => ulong.MaxValue - (ulong)random.Next(8),
        3 => (ulong)random.Next(8),
        _ => unchecked((ulong)random.NextInt64(long.MinValue, long.MaxValue)),
    };
}
