using FcpFast.Mls.Messages;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Mls.Groups;

/// <summary>A proposal with its sender: in the message that carried it, or from the commit itself.</summary>
/// <param name="Proposal">The change.</param>
/// <param name="Sender">The leaf that wants it.</param>
/// <param name="Message">What carried it; null for one by value.</param>
/// <param name="LeafKey">The secret behind an update of this member's own.</param>
internal sealed record SentProposal(Proposal Proposal, uint Sender, AuthenticatedContent? Message, SecretKey? LeafKey);
