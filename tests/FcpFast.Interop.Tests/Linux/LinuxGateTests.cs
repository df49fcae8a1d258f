using System;
using System.Runtime.InteropServices;
using FcpFast.Interop.Linux;
using FcpFast.Protocol.Wire;

namespace FcpFast.Interop.Tests.Linux;

/// <summary>What the kernel relies on, held against the C headers' values, and addresses as it writes them.</summary>
public sealed class LinuxGateTests
{
    private static readonly byte[] Documentation = [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 7, 1, 2, 3, 4, 5, 6, 7, 8];

    [Fact]
    public void Layouts_ThisProcess_AreTheKernels()
    {
        (string Name, int Expected, int Found)[] layouts = LinuxGate.Layouts();
        Assert.Equal(21, layouts.Length);
        Assert.All(layouts, static layout => Assert.Equal((layout.Name, layout.Expected), (layout.Name, layout.Found)));
    }

    [Fact]
    public void Fault_OnLinux_NoneAndTheSelfTestPasses()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux only");
        Assert.Null(LinuxGate.Fault);
        Assert.Null(UdpSelfTest.Fault);
    }

    [Theory]
    [InlineData(Architecture.X86)]
    [InlineData(Architecture.Arm)]
    [InlineData(Architecture.S390x)]
    public void Check_OtherProcessor_SaysExpectedFoundAndRemedy(Architecture architecture)
    {
        string? fault = LinuxGate.Check(architecture);
        Assert.NotNull(fault);
        foreach (string part in new[] { "Expected:", "Found:", "Remedy:" }) Assert.Contains(part, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_IPv4_IsSockaddrIn()
    {
        byte[] bytes = new byte[28];
        Assert.Equal(16, SocketAddressCodec.Write(NetAddress.IPv4([192, 0, 2, 1], 0x1234), bytes));
        Assert.Equal([2, 0, 0x12, 0x34, 192, 0, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0], bytes[..16]);
    }

    [Fact]
    public void Write_IPv6_IsSockaddrIn6()
    {
        byte[] bytes = new byte[28];
        Assert.Equal(28, SocketAddressCodec.Write(NetAddress.IPv6(Documentation, 0x1234, 0x01020304), bytes));
        Assert.Equal([10, 0, 0x12, 0x34, 0, 0, 0, 0, .. Documentation, 4, 3, 2, 1], bytes);
    }

    [Fact]
    public void Read_WhatWasWritten_IsTheAddress()
    {
        byte[] bytes = new byte[28];
        foreach (NetAddress address in new[] { NetAddress.IPv4([10, 1, 2, 3], 65535), NetAddress.IPv6(Documentation, 1, 9) })
        {
            int length = SocketAddressCodec.Write(address, bytes);
            Assert.Equal(address, SocketAddressCodec.Read(bytes.AsSpan(0, length)));
        }
    }

    [Fact]
    public void Read_ShortOrForeign_IsNoAddress()
    {
        byte[] bytes = new byte[28];
        _ = SocketAddressCodec.Write(NetAddress.IPv6(Documentation, 1, 9), bytes);
        for (int length = 0; length < 28; length++) Assert.Equal(default, SocketAddressCodec.Read(bytes.AsSpan(0, length)));
        bytes[0] = 1; // a local socket
        Assert.Equal(default, SocketAddressCodec.Read(bytes));
        Assert.Equal(0, SocketAddressCodec.Write(default, bytes));
    }
}
