using System;
using System.Collections.Generic;
using FcpFast.Mls.Messages;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Mls.Tree;

/// <summary>A path that a member has made: what it sends, and what it keeps. Disposing erases the secrets.</summary>
internal sealed class PathDraft(UpdatePath path, SecretKey commitSecret, Dictionary<uint, SecretKey> pathSecrets) : IDisposable
{
    public UpdatePath Path => path;

    public SecretKey CommitSecret => commitSecret;

    /// <summary>The path secret of a node, for those who join below it.</summary>
    public SecretKey? PathSecretAt(uint node) => pathSecrets.GetValueOrDefault(node);

    public void Dispose()
    {
        commitSecret.Dispose();
        foreach (SecretKey secret in pathSecrets.Values) secret.Dispose();
    }
}
