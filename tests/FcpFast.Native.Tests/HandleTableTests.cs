using System.Linq;
using System.Threading.Tasks;

namespace FcpFast.Native.Tests;

/// <summary>What C may do with a number: use it, and be refused once it is released.</summary>
public sealed class HandleTableTests
{
    [Fact]
    public void TryGet_OfANumberGivenOut_FindsItsObjectByItsKindOnly()
    {
        object held = new Held();
        ulong handle = HandleTable.Add(held);
        Assert.NotEqual(0UL, handle);
        Assert.True(HandleTable.TryGet(handle, out Held? found));
        Assert.Same(held, found);
        Assert.False(HandleTable.TryGet(handle, out string? _));
        Assert.False(HandleTable.TryRemove(handle, out string? _));
        Assert.True(HandleTable.TryGet(handle, out Held? _));
    }

    [Fact]
    public void TryGet_OfAReleasedNumber_FindsNothingWhateverWasMadeSince()
    {
        ulong handle = HandleTable.Add(new Held());
        Assert.True(HandleTable.TryRemove(handle, out Held? _));
        for (int i = 0; i < 1000; i++) Assert.NotEqual(handle, HandleTable.Add(new Held()));
        Assert.False(HandleTable.TryGet(handle, out Held? _));
        Assert.False(HandleTable.TryRemove(handle, out Held? _));
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(ulong.MaxValue)]
    public void TryGet_OfANumberNeverGivenOut_FindsNothing(ulong handle) => Assert.False(HandleTable.TryGet(handle, out Held? _));

    [Fact]
    public void TryRemove_ByManyAtOnce_GivesItToOne()
    {
        for (int round = 0; round < 200; round++)
        {
            ulong handle = HandleTable.Add(new Held());
            int taken = 0;
            Parallel.ForEach(Enumerable.Range(0, 8), _ =>
            {
                if (HandleTable.TryRemove(handle, out Held? _)) System.Threading.Interlocked.Increment(ref taken);
            });
            Assert.Equal(1, taken);
        }
    }

    private sealed class Held;
}
