using System;
using System.Collections.Generic;
using FcpFast.Protocol.Crypto;
using FcpFast.Tool.Vectors.Formats.Mls;

namespace FcpFast.Tool.Vectors.Formats;

/// <summary>The forms that this tool reads: ours, and those of the folders that have one of their own.</summary>
/// <remarks>Source: DESIGN §4.</remarks>
internal sealed class VectorFormats
{
    private readonly Dictionary<string, IVectorFormat> _byFolder;

    public VectorFormats(VectorOps ops, CryptoProvider crypto)
    {
        Own = new OwnFormat(ops);
        _byFolder = new Dictionary<string, IVectorFormat>(StringComparer.Ordinal)
        {
            ["blake3"] = new Blake3Folder(),
            ["rfc8439"] = new Rfc8439Folder(crypto),
            ["wycheproof"] = new WycheproofFolder(crypto),
            ["hpke"] = new HpkeFolder(crypto),
            ["mls"] = new MlsFolder(crypto),
            ["raptorq"] = new CountedFolder("raptorq", VectorStanding.NotYet)
            {
                Files = ["encode", "decodability"],
                Tables = ["rfc6330_tables.json"],
            },
        };
    }

    /// <summary>Our own form, for every folder without one of its own.</summary>
    public IVectorFormat Own { get; }

    /// <summary>The form that a folder's name stands for; null if it stands for none.</summary>
    public IVectorFormat? ForFolder(string name) => _byFolder.GetValueOrDefault(name);
}
