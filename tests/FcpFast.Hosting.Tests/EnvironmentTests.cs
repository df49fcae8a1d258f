namespace FcpFast.Hosting.Tests;

/// <summary>Tests that change the environment of this process: none other runs beside them.</summary>
[CollectionDefinition(nameof(EnvironmentTests), DisableParallelization = true)]
public sealed class EnvironmentTests;
