namespace FcpFast.Tool.Vectors;

/// <summary>Computes one op of the vectors from its inputs.</summary>
internal delegate VectorResult VectorOp(VectorInputs inputs);
