namespace Enclave.Guard;

/// <summary>How <see cref="ProgressiveScorer"/> combines two scores. Default: <see cref="Max"/>.</summary>
public enum ScoreCombination
{
    /// <summary>The higher one.</summary>
    Max,

    /// <summary>The mean, halves rounded up.</summary>
    Average,

    /// <summary>The detailed one.</summary>
    Replace,
}
