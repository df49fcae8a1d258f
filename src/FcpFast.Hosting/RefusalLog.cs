using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using Microsoft.Extensions.Logging;

namespace FcpFast.Hosting;

/// <summary>Logs refusals as counts: a line a reason and period, however many there were.</summary>
/// <remarks>Threads: one user at a time.</remarks>
/// <param name="endpoint">The endpoint.</param>
/// <param name="budget">Whose withheld lines are told of too.</param>
/// <param name="logger">Where to.</param>
internal sealed class RefusalLog(FcpEndpoint endpoint, LogBudget budget, ILogger logger)
{
    private readonly Dictionary<(string Way, FcpStatus Reason), long> _told = [];

    /// <summary>Tells at the end of each period, until cancelled.</summary>
    public async Task RunAsync(TimeSpan period, TimeProvider time, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(period, time);
        while (await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false)) await TellAsync().ConfigureAwait(false);
    }

    /// <summary>Tells what was refused since the last time.</summary>
    public async Task TellAsync()
    {
        FcpEndpointFigures figures = await endpoint.ReadFiguresAsync().ConfigureAwait(false);
        NodeId node = endpoint.Node;
        Tell(node, "frames", figures.FramesDropped);
        Tell(node, "control messages", figures.ControlRefused);
        foreach ((string kind, FcpStatus reason, long count) in budget.Withheld()) logger.Withheld(node, count, kind, FcpStatusNames.NameOf(reason));
    }

    private void Tell(NodeId node, string way, IReadOnlyDictionary<FcpStatus, long> counts)
    {
        foreach ((FcpStatus reason, long count) in counts)
        {
            long more = count - _told.GetValueOrDefault((way, reason));
            if (more <= 0) continue;
            _told[(way, reason)] = count;
            logger.Refused(node, more, way, FcpStatusNames.NameOf(reason), FcpStatusNames.CodeOf(reason));
        }
    }
}
