using System;
using System.Collections.Generic;
using FcpFast.Protocol.Objects;

namespace FcpFast.Protocol.Tests.Objects;

/// <summary>[WIRE §16.9]: bit i mod 8 of byte i/8.</summary>
public sealed class BitmapTests
{
    [Fact]
    public void Add_RandomNumbers_AgreesWithASet()
    {
        var random = new Random(9);
        for (int run = 0; run < 50; run++)
        {
            int numbers = random.Next(1, 300);
            byte[] bitmap = new byte[Bitmap.BytesFor(numbers)];
            var set = new HashSet<int>();
            for (int i = 0; i < numbers / 2; i++)
            {
                int number = random.Next(numbers);
                set.Add(number);
                Bitmap.Add(bitmap, number);
            }

            Assert.Equal(set.Count, Bitmap.Count(bitmap));
            for (int i = -1; i < (8 * bitmap.Length) + 9; i++) Assert.Equal(set.Contains(i), Bitmap.Contains(bitmap, i));
        }
    }

    [Fact]
    public void Add_NumberNine_SetsTheSecondByte()
    {
        byte[] bitmap = new byte[2];
        Bitmap.Add(bitmap, 9);
        Assert.Equal(new byte[] { 0, 2 }, bitmap);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(8, 1)]
    [InlineData(9, 2)]
    public void BytesFor_Numbers_RoundsUp(int numbers, int bytes) => Assert.Equal(bytes, Bitmap.BytesFor(numbers));

    [Theory]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    public void Contains_NumberBeyond_IsFalse(int number) => Assert.False(Bitmap.Contains([0xFF], number));
}
