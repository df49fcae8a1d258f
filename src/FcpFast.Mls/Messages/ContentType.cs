namespace FcpFast.Mls.Messages;

/// <summary>[RFC 9420 §6].</summary>
internal enum ContentType : byte
{
    Unset = 0,
    Application = 1,
    Proposal = 2,
    Commit = 3,
}
