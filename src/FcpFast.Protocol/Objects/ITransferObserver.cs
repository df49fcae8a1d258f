namespace FcpFast.Protocol.Objects;

/// <summary>Learns what becomes of files.</summary>
/// <remarks>Threads: called on the shard's thread; must not block.</remarks>
public interface ITransferObserver
{
    /// <summary>A file that comes in was opened or resumed.</summary>
    void Opened(IncomingFile file);

    /// <summary>A file that came in is complete, durable and has its name.</summary>
    void Completed(IncomingFile file);

    /// <summary>A file that comes in could not be stored.</summary>
    void Failed(IncomingFile file);

    /// <summary>Every segment of a file that goes out is reported as complete.</summary>
    void Completed(OutgoingFile file);

    /// <summary>The receiver refused a file that goes out, or it could not be read.</summary>
    void Failed(OutgoingFile file);
}
