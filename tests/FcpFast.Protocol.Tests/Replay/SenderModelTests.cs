using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Replay;

/// <summary>[REPLAY §4.1], [REPLAY §8]: S4 and S6 of a sender, over fan-out, retransmissions, failures in the middle, limits and starts, and the mutants of it.</summary>
public sealed class SenderModelTests
{
    private const int Steps = 400;

    public static TheoryData<string> Mutants => [.. SenderMutants.All.Select(static mutant => mutant.Name)];

    /// <summary>What the course drives: the sequencer and its instances as they are used, or a mutant of that use.</summary>
    internal interface ISender
    {
        /// <summary>Seals frames for a session; of a failure some of them may have gone out all the same.</summary>
        /// <returns>Under which instance and numbers.</returns>
        (ulong Instance, ulong First) Seal(int count, int session, bool fails);

        /// <summary>Repairs the frame of a number that was lost: other symbols may be in it now.</summary>
        (ulong Instance, ulong First) SealAgain(ulong instance, ulong number, int session);

        /// <summary>The stream's successor is wanted, by a limit or another key.</summary>
        void Renew();

        /// <summary>The process ends, and another one starts from the store.</summary>
        void Restart();
    }

    [Fact]
    public void Sender_AnyCourse_SealsNoTwoFramesUnderOneNumber() =>
        Seeded.Run((int)Math.Max(50, Seeded.ModelOperations / 10 / Steps), static random => Assert.Null(FirstRepeat(random, new SenderMutants.Plain())));

    [Theory]
    [MemberData(nameof(Mutants))]
    public void Mutant_OfTheSender_IsKilledByTheModelTest(string name)
    {
        Func<ISender> make = SenderMutants.All.Single(mutant => mutant.Name == name).Make;
        Assert.True(Enumerable.Range(1, 20).Any(seed => FirstRepeat(new Random(seed), make()) is not null), $"the model test does not notice the mutant '{name}'");
    }

    /// <summary>Random events; the first number under which two frames were sealed, or null.</summary>
    private static string? FirstRepeat(Random random, ISender sender)
    {
        var frames = new HashSet<(ulong Instance, ulong Number)>();
        var highest = new Dictionary<ulong, ulong>();
        var sealedLast = new List<(ulong Instance, ulong Number)>();
        for (int step = 0; step < Steps; step++)
        {
            int session = random.Next(3), count = random.Next(1, 5);
            (ulong Instance, ulong First) numbers;
            switch (random.Next(12))
            {
                case 0:
                    sender.Restart();
                    continue;
                case 1:
                    sender.Renew();
                    continue;
                case <= 4 when sealedLast.Count > 0:
                    (ulong instance, ulong number) = sealedLast[random.Next(sealedLast.Count)];
                    numbers = sender.SealAgain(instance, number, session);
                    count = 1;
                    break;
                default:
                    numbers = sender.Seal(count, session, fails: random.Next(5) == 0);
                    break;
            }

            if (numbers.First <= highest.GetValueOrDefault(numbers.Instance)) return $"step {step}: number {numbers.First} does not rise (S6)";
            for (ulong n = numbers.First; n < numbers.First + (ulong)count; n++)
            {
                if (!frames.Add((numbers.Instance, n))) return $"step {step}: two frames of instance {numbers.Instance} under number {n} (S4)";
                sealedLast.Add((numbers.Instance, n));
            }

            highest[numbers.Instance] = numbers.First + (ulong)count - 1;
            if (sealedLast.Count > 20) sealedLast.RemoveRange(0, 10);
        }

        return null;
    }
}
