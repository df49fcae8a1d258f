using System;
using System.Text.Json.Nodes;
using System.Threading;

namespace FcpFast.Tool.Bench.Load;

/// <summary>An end of a load that is set up.</summary>
internal interface ILoadEnd : IDisposable
{
    /// <summary>Takes the load to its end and reports.</summary>
    JsonObject Run(CancellationToken cancellation);
}
