namespace FcpFast.Mls.Messages;

/// <summary>[RFC 9420 §17.4].</summary>
internal enum ProposalType : ushort
{
    Unset = 0,
    Add = 1,
    Update = 2,
    Remove = 3,
    PreSharedKey = 4,
    ReInit = 5,
    ExternalInit = 6,
    GroupContextExtensions = 7,
}
