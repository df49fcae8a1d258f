using System;
using FcpFast.Control.Nodes;
using FcpFast.Node;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using Microsoft.Extensions.Logging;

namespace FcpFast.Hosting;

/// <summary>Every line that an endpoint logs. Ids, counts, names and stable codes; never a secret, a payload byte, or a name that a peer gave a file.</summary>
/// <remarks>Shape: an event's number never changes its meaning. Source: [WIRE §21] for the codes.</remarks>
internal static partial class EndpointLog
{
    [LoggerMessage(1, LogLevel.Information, "{Node} listens at {Address}; engine {Engine}, MACs {MacEngine}, UDP offload {Offload}")]
    public static partial void Started(this ILogger logger, NodeId node, string address, string engine, string macEngine, bool offload);

    [LoggerMessage(2, LogLevel.Information, "{Node} is drained and closed")]
    public static partial void Stopped(this ILogger logger, NodeId node);

    [LoggerMessage(3, LogLevel.Warning, "{Node} is closed before everything under way has arrived; what is missing goes on after the next start")]
    public static partial void Undelivered(this ILogger logger, NodeId node);

    [LoggerMessage(4, LogLevel.Critical, "endpoint '{Name}' cannot be opened: {Reason}. Remedy: {Remedy}")]
    public static partial void NotOpened(this ILogger logger, string name, string reason, string remedy);

    [LoggerMessage(5, LogLevel.Critical, "{Node} broke and ends; the host is stopped")]
    public static partial void Broke(this ILogger logger, NodeId node, Exception? cause);

    [LoggerMessage(6, LogLevel.Warning, "{Node}: {Fault}")]
    public static partial void StartFault(this ILogger logger, NodeId node, string fault);

    [LoggerMessage(7, LogLevel.Error, "an observer of {Node} failed at {Kind}")]
    public static partial void ObserverFailed(this ILogger logger, NodeId node, string kind, Exception cause);

    [LoggerMessage(8, LogLevel.Information, "{Node} is drained: nothing new is begun, what is under way has {Seconds} seconds")]
    public static partial void Draining(this ILogger logger, NodeId node, double seconds);

    [LoggerMessage(10, LogLevel.Information, "{Node}: the way to {Peer} is {State}")]
    public static partial void LinkChanged(this ILogger logger, NodeId node, NodeId peer, LinkState state);

    [LoggerMessage(11, LogLevel.Warning, "{Node}: handshake with {Peer} refused: {Reason} ({Code})")]
    public static partial void HandshakeFailed(this ILogger logger, NodeId node, NodeId peer, string reason, string code);

    [LoggerMessage(20, LogLevel.Information, "{Node}: zone {Zone} has key {ZoneKey} now; member: {IsMember}")]
    public static partial void ZoneChanged(this ILogger logger, NodeId node, ZoneId zone, ZoneKeyId? zoneKey, bool isMember);

    [LoggerMessage(21, LogLevel.Warning, "{Node}: ALARM {Alarm} (zone '{Zone}'): {Detail}")]
    public static partial void Alarm(this ILogger logger, NodeId node, NodeAlarmKind alarm, ZoneId zone, string detail);

    [LoggerMessage(22, LogLevel.Information, "{Node}: {Peer} is attested")]
    public static partial void Attested(this ILogger logger, NodeId node, NodeId peer);

    [LoggerMessage(23, LogLevel.Warning, "{Node}: the attestation of {Peer} counts no more: {Reason} ({Code})")]
    public static partial void NotAttested(this ILogger logger, NodeId node, NodeId peer, string reason, string code);

    [LoggerMessage(24, LogLevel.Warning, "{Node}: a record from the inbox was refused: {Reason} ({Code})")]
    public static partial void RecordRefused(this ILogger logger, NodeId node, string reason, string code);

    [LoggerMessage(30, LogLevel.Debug, "{Node}: a file of {Bytes} bytes comes in from {Source}, transfer {Transfer}")]
    public static partial void FileOpened(this ILogger logger, NodeId node, ulong bytes, NodeId source, TransferId transfer);

    [LoggerMessage(31, LogLevel.Information, "{Node}: a file of {Bytes} bytes came in from {Source}, transfer {Transfer}")]
    public static partial void FileReceived(this ILogger logger, NodeId node, ulong bytes, NodeId source, TransferId transfer);

    [LoggerMessage(32, LogLevel.Warning, "{Node}: a file of {Bytes} bytes from {Source} could not be stored, transfer {Transfer}")]
    public static partial void FileRefused(this ILogger logger, NodeId node, ulong bytes, NodeId source, TransferId transfer);

    [LoggerMessage(40, LogLevel.Information, "{Node}: refused {Count} {Way} since the last such line: {Reason} ({Code})")]
    public static partial void Refused(this ILogger logger, NodeId node, long count, string way, string reason, string code);

    [LoggerMessage(41, LogLevel.Information, "{Node}: {Count} more lines were not written: {Kind} {Reason}")]
    public static partial void Withheld(this ILogger logger, NodeId node, long count, string kind, string reason);

    [LoggerMessage(50, LogLevel.Information, "{Node} follows changed options: {Added} peers came, {Moved} moved, {Left} left; other routes: {HasOtherRoutes}")]
    public static partial void Followed(this ILogger logger, NodeId node, int added, int moved, int left, bool hasOtherRoutes);

    [LoggerMessage(51, LogLevel.Warning, "{Node}: {Option} changed and counts only after a restart")]
    public static partial void NeedsRestart(this ILogger logger, NodeId node, string option);

    /// <summary>The refusal whose name stands in an event's line; <c>Accepted</c> where there is none.</summary>
    public static FcpStatus ReasonOf(FcpEndpointEvent happened) => happened switch
    {
        FcpEndpointEvent.HandshakeFailed failed => failed.Reason,
        FcpEndpointEvent.StandingChanged changed => changed.Standing,
        FcpEndpointEvent.RecordRefused refused => refused.Reason,
        _ => FcpStatus.Accepted,
    };

    /// <summary>Writes an event's line.</summary>
    public static void Tell(this ILogger logger, NodeId node, FcpEndpointEvent happened)
    {
        FcpStatus reason = ReasonOf(happened);
        string name = FcpStatusNames.NameOf(reason);
        switch (happened)
        {
            case FcpEndpointEvent.LinkChanged link:
                logger.LinkChanged(node, link.Peer, link.State);
                break;
            case FcpEndpointEvent.HandshakeFailed failed:
                logger.HandshakeFailed(node, failed.Peer, name, FcpStatusNames.CodeOf(reason));
                break;
            case FcpEndpointEvent.ZoneChanged zone:
                logger.ZoneChanged(node, zone.Zone, zone.ZoneKey, zone.IsMember);
                break;
            case FcpEndpointEvent.AlarmRaised { Alarm: var alarm }:
                logger.Alarm(node, alarm.Kind, alarm.Zone, alarm.Detail);
                break;
            case FcpEndpointEvent.StandingChanged { Standing: FcpStatus.Accepted } attested:
                logger.Attested(node, attested.Node);
                break;
            case FcpEndpointEvent.StandingChanged changed:
                logger.NotAttested(node, changed.Node, name, FcpStatusNames.CodeOf(reason));
                break;
            case FcpEndpointEvent.RecordRefused:
                logger.RecordRefused(node, name, FcpStatusNames.CodeOf(reason));
                break;
            case FcpEndpointEvent.FileOpened { File: var file }:
                logger.FileOpened(node, file.Shape.SizeBytes, file.Source, file.Id);
                break;
            case FcpEndpointEvent.FileReceived { File: var file }:
                logger.FileReceived(node, file.Shape.SizeBytes, file.Source, file.Id);
                break;
            case FcpEndpointEvent.FileRefused { File: var file }:
                logger.FileRefused(node, file.Shape.SizeBytes, file.Source, file.Id);
                break;
        }
    }
}
