namespace Sam.DevCluster.Security;

/// <summary>Answers what an earlier process of the same cluster made under this name, or makes it now.</summary>
internal delegate byte[] KeepSecret(string name, Func<byte[]> make);
