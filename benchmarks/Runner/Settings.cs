namespace UserCqrs.Runner;

/// <summary>What the command line says.</summary>
internal sealed record Settings(int Rounds, int Seconds, int Warmup, int Users, string[] Only, string Python)
{
    public bool Wants(string scenario) => Only.Length == 0 || Only.Contains(scenario);

    public override string ToString() => $"--rounds {Rounds} --seconds {Seconds} --warmup {Warmup} --users {Users}";
}
