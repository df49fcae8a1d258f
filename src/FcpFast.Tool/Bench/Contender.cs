using System;

namespace FcpFast.Tool.Bench;

/// <summary>One implementation that can take some steps of the ladder.</summary>
/// <param name="Name">As rows carry it.</param>
/// <param name="Prepare">Makes a body for a case; null for a case that it does not take.</param>
internal sealed record Contender(string Name, Func<BenchCase, BenchBody?> Prepare);
