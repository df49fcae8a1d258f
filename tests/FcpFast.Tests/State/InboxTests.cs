using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using FcpFast.Control.Records;
using FcpFast.Protocol.Diagnostics;
using FcpFast.State;

namespace FcpFast.Tests.State;

public sealed class InboxTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fcpfast-tests-").FullName;

    private string[] Files => Directory.Exists(Path.Combine(_folder, Inbox.Folder)) ? Directory.GetFiles(Path.Combine(_folder, Inbox.Folder)) : [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Take_WhatCannotBeStored_StaysUntilItIs()
    {
        ControlRecord[] records = [.. Enumerable.Range(0, 3).Select(static i => ControlRecord.Of(RecordKind.Manifest, [0x81, (byte)i]))];
        Inbox.Put(_folder, records);
        int room = 1;
        var taken = new List<ControlRecord>();
        Assert.False(Inbox.Take(_folder, Store, Refuse));
        Assert.Single(taken);
        Assert.Single(Files);
        room = 10;
        taken.Clear();
        Assert.True(Inbox.Take(_folder, Store, Refuse));
        Assert.Equal(records.Select(static one => one.Payload.ToArray()), taken.Select(static one => one.Payload.ToArray()));
        Assert.Empty(Files);

        FcpStatus Store(ControlRecord record)
        {
            if (taken.Count >= room) return FcpStatus.NotDurable;
            taken.Add(record);
            return FcpStatus.InvalidSignature; // what is refused for good goes too
        }
    }

    [Fact]
    public void Take_OfWhatIsNoRecordFile_TellsItAndGoesOn()
    {
        Inbox.Put(_folder, []);
        File.WriteAllBytes(Path.Combine(_folder, Inbox.Folder, "0-garbage" + RecordFile.Extension), [1, 2, 3]);
        var refused = new List<string>();
        Assert.True(Inbox.Take(_folder, static _ => FcpStatus.Accepted, (file, _) => refused.Add(file)));
        Assert.Equal(["0-garbage" + RecordFile.Extension], refused);
        Assert.Empty(Files);
    }

    private static void Refuse(string file, FcpStatus status) => Assert.Fail($"{file}: {status}");
}
