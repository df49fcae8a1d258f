using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using FcpFast.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FcpFast.Tool.Verbs.Gateway;

/// <summary>Answers <c>/healthz</c> and <c>/readyz</c> over HTTP: 200 or 503, with the reasons as JSON.</summary>
/// <remarks>Shape: beside the exporter of <c>/metrics</c>, at the same address: listeners of one process share a port by their paths. One request after the other.</remarks>
internal sealed class HealthListener : IAsyncDisposable
{
    private static readonly (string Path, string Tag)[] Paths = [("/healthz", FcpServices.LiveTag), ("/readyz", FcpServices.ReadyTag)];

    private readonly HttpListener _listener = new();
    private readonly TaskCompletionSource _closing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HealthCheckService _checks;
    private readonly Task _answering;

    private HealthListener(HostAddress address, HealthCheckService checks)
    {
        _checks = checks;
        foreach ((string path, _) in Paths) _listener.Prefixes.Add($"http://{address}{path}/");
        _listener.Start();
        _answering = AnswerAsync();
    }

    /// <summary>Begins to answer.</summary>
    /// <remarks>Errors: <see cref="ToolException"/> if the address cannot be listened at.</remarks>
    public static HealthListener Start(HostAddress address, HealthCheckService checks)
    {
        try
        {
            return new HealthListener(address, checks);
        }
        catch (Exception e) when (e is HttpListenerException or SocketException)
        {
            throw new ToolException($"cannot serve health at {address}: {e.Message}", "choose another address or port with Serve", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _closing.TrySetResult();
        _listener.Close();
        await _answering.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task AnswerAsync()
    {
        while (!_closing.Task.IsCompleted)
        {
            try
            {
                Task<HttpListenerContext> asked = _listener.GetContextAsync();
                await Task.WhenAny(asked, _closing.Task); // a listener that is closed just then forgets who waits for it
                if (!_closing.Task.IsCompleted) await AnswerAsync(await asked);
            }
            catch (Exception e) when (e is HttpListenerException or InvalidOperationException or ProtocolViolationException or IOException)
            {
                // who asked is gone, or the listener is closed
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        string path = context.Request.Url?.AbsolutePath.TrimEnd('/') ?? "";
        string? tag = Paths.FirstOrDefault(one => one.Path == path).Tag;
        using HttpListenerResponse response = context.Response;
        if (tag is null || context.Request.HttpMethod is not ("GET" or "HEAD"))
        {
            response.StatusCode = (int)(tag is null ? HttpStatusCode.NotFound : HttpStatusCode.MethodNotAllowed);
            return;
        }

        HealthReport report = await _checks.CheckHealthAsync(check => check.Tags.Contains(tag));
        var answer = new JsonObject { ["status"] = report.Status.ToString() };
        string reasons = string.Join("; ", report.Entries.Values.Select(static entry => entry.Description).Where(static reason => !string.IsNullOrEmpty(reason)));
        if (reasons.Length > 0) answer["reason"] = reasons;
        byte[] body = Encoding.UTF8.GetBytes(answer.ToJsonString() + "\n");
        response.StatusCode = (int)(report.Status == HealthStatus.Unhealthy ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK);
        response.ContentType = "application/json";
        response.Headers["Cache-Control"] = "no-store";
        response.ContentLength64 = body.Length;
        if (context.Request.HttpMethod == "GET") await response.OutputStream.WriteAsync(body);
    }
}
