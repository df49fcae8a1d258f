using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Objects;

/// <summary>[WIRE §16.9]: the symbols of a chunk as a set by value.</summary>
public sealed class SymbolSetTests
{
    [Fact]
    public void Set_RandomUse_EqualsAHashSet() => Seeded.Run(100, static random =>
    {
        SymbolSet set = default;
        var model = new SortedSet<int>();
        for (int step = 0; step < 300; step++)
        {
            int symbol = random.Next(256);
            switch (random.Next(5))
            {
                case 0:
                    set.Remove(symbol);
                    model.Remove(symbol);
                    break;
                case 1 when random.Next(10) == 0:
                    int first = random.Next(257);
                    set.Add(SymbolSet.First(first));
                    model.UnionWith(Enumerable.Range(0, first));
                    break;
                case 2 when random.Next(10) == 0:
                    int kept = random.Next(257);
                    set = set.Intersect(SymbolSet.First(kept));
                    model.RemoveWhere(one => one >= kept);
                    break;
                case 3 when random.Next(10) == 0:
                    byte[] bitmap = random.Bytes(random.Next(1, 33)); // as a hostile status may give it
                    set = SymbolSet.Read(new MissingSymbols(0, bitmap));
                    model = [.. Enumerable.Range(0, 256).Where(one => Bitmap.Contains(bitmap, one))];
                    break;
                default:
                    set.Add(symbol);
                    model.Add(symbol);
                    break;
            }

            Assert.Equal(model.Count, set.Count);
            Assert.Equal(model.Count == 0 ? -1 : model.Min, set.Lowest());
            SymbolSet rest = set;
            Assert.Equal(model, Drain(ref rest));
            Assert.Equal(model.Count, set.Count); // a value: draining a copy has not changed it
        }
    });

    [Theory]
    [InlineData(-5, 0)]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(63, 63)]
    [InlineData(64, 64)]
    [InlineData(65, 65)]
    [InlineData(255, 255)]
    [InlineData(256, 256)]
    [InlineData(1_000, 256)]
    public void First_AnyCount_HoldsThatManyFromTheStart(int count, int expected)
    {
        SymbolSet set = SymbolSet.First(count);
        Assert.Equal(Enumerable.Range(0, expected), Drain(ref set));
    }

    private static List<int> Drain(ref SymbolSet set)
    {
        var symbols = new List<int>();
        for (int lowest = set.Lowest(); lowest >= 0; lowest = set.Lowest())
        {
            symbols.Add(lowest);
            set.Remove(lowest);
        }

        return symbols;
    }
}
