using FcpFast.Mls.Crypto;
using FcpFast.Mls.Messages;
using FcpFast.Mls.Schedule;
using FcpFast.Mls.Tree;

namespace FcpFast.Mls.Protection;

/// <summary>What messages of an epoch are protected with and held against.</summary>
internal sealed record Epoch(MlsCrypto Crypto, GroupContext Context, RatchetTree Tree, EpochSecrets Secrets);
