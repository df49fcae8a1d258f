namespace FcpFast.Control.Store;

/// <summary>What is known when a node starts, written into the generation record.</summary>
/// <param name="NowUnixSeconds">The wall clock.</param>
/// <param name="BootId">Which start of the machine this is; empty where the platform does not tell.</param>
/// <param name="HostId">The host generation id of a virtual machine; empty where there is none.</param>
/// <param name="WitnessGeneration">The highest generation that anybody else knows of this node; 0 for none. Not stored.</param>
/// <remarks>Source: [REPLAY §5.2].</remarks>
public readonly record struct StartMark(ulong NowUnixSeconds, string BootId, string HostId, ulong WitnessGeneration = 0);
