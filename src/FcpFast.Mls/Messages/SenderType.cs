namespace FcpFast.Mls.Messages;

/// <summary>[RFC 9420 §6].</summary>
internal enum SenderType : byte
{
    Unset = 0,
    Member = 1,
    External = 2,
    NewMemberProposal = 3,
    NewMemberCommit = 4,
}
