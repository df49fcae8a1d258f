using System;
using System.Threading;
using System.Threading.Tasks;

namespace FcpFast.Tests.Support;

/// <summary>Waiting for what an endpoint tells.</summary>
internal static class EndpointEvents
{
    /// <summary>The next event of a kind that fits; what comes before it is passed over.</summary>
    public static async Task<T> NextAsync<T>(this FcpEndpoint endpoint, TimeSpan patience, Func<T, bool> fits)
        where T : FcpEndpointEvent
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(patience);
        while (true)
        {
            if (await endpoint.Events.ReadAsync(limit.Token) is T happened && fits(happened)) return happened;
        }
    }
}
