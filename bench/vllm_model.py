"""A small model that real vLLM serves in ``make vllm-cpu``, made here: nothing is downloaded.

Its shape and cost are those of a 135M Llama (30 layers, width 576). Its weights are not learned:
what comes into a layer goes out unchanged, and the last matrix says which piece follows which. So
it begins one of the questions below at random, in the language of the system message, and writes
it to its end, piece by piece. Everything around it is real: tokenizer, chat template, attention,
sampling, cache.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

WIDTH, LAYERS, HEADS, KEY_HEADS, HEAD, INNER = 576, 30, 9, 3, 64, 1_536
LEARNED = 6_000
CERTAIN = 30.0
"""The logit of the piece that follows; noise is about 1.3."""
END, BEGIN, KOREAN, ENGLISH = "<|im_end|>", "<|im_start|>", "<|ko|>", "<|en|>"
SPECIAL = (END, BEGIN, KOREAN, ENGLISH)

QUESTIONS = {
    "en": """\
What would you do differently if you had to build it again?
How did you find out that it had worked?
Which part of it was decided by you alone?
What did the rest of the team think of that choice?
How long did it take until the first result could be seen?
Which alternative did you look at before you settled on this one?
What was the hardest thing to get right there?
How did you make sure it would not happen a second time?
Who had to be convinced, and how did you go about it?
What did you measure before and after the change?
Where did that approach reach its limits?
How would a newcomer notice the difference today?
Which trade-off are you still not happy with?
What would have happened had you done nothing?
How did you split the work with the others?
What did you learn from it that you have used since?
Which mistake cost you the most time in that work?
How did you decide what to leave out?
What feedback did you get once it was in use?
When did you first notice that something was wrong?""",
    "ko": """\
그 일을 다시 하신다면 무엇을 다르게 하시겠습니까?
효과가 있었다는 것은 어떻게 확인하셨나요?
그중에서 본인이 직접 결정하신 부분은 무엇인가요?
팀의 다른 분들은 그 선택을 어떻게 보셨나요?
첫 결과가 보이기까지 얼마나 걸렸습니까?
그 방법을 고르기 전에 어떤 대안을 검토하셨나요?
가장 맞추기 어려웠던 점은 무엇이었습니까?
같은 문제가 다시 생기지 않도록 어떻게 하셨나요?
누구를 설득해야 했고, 어떻게 설득하셨습니까?
바꾸기 전과 후에 무엇을 측정하셨나요?
그 접근의 한계는 어디에서 드러났습니까?
지금 새로 온 사람은 그 차이를 어떻게 느낄까요?
아직도 아쉬움이 남는 절충은 무엇입니까?
아무것도 하지 않았다면 어떻게 되었을까요?
다른 분들과 일을 어떻게 나누셨나요?
거기서 배운 것을 이후에 어디에 쓰셨습니까?
그 작업에서 시간을 가장 많이 잃은 실수는 무엇인가요?
무엇을 빼야 할지는 어떻게 정하셨습니까?
실제로 쓰이기 시작한 뒤에 어떤 의견을 들으셨나요?
문제가 있다는 것을 처음 알아챈 때는 언제였나요?""",
}


def make(folder: Path, corpus: Sequence[str]) -> None:
    """Write the model as transformers lays it out; its tokenizer learns from ``corpus``."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = _learned_tokenizer(corpus)
    vocabulary: dict[str, int] = tokenizer["model"]["vocab"]
    for token in SPECIAL:
        vocabulary.setdefault(token, len(vocabulary))
    chains = {
        language: list(_chains(text.splitlines(), vocabulary))
        for language, text in QUESTIONS.items()
    }
    plain = dict.fromkeys(("single_word", "lstrip", "rstrip", "normalized"), False)
    tokenizer["added_tokens"] = [
        {**plain, "id": vocabulary[token], "content": token, "special": True} for token in SPECIAL
    ]
    _write_json(folder / "tokenizer.json", tokenizer)
    _write_json(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "eos_token": END,
            "pad_token": END,
            "clean_up_tokenization_spaces": False,
            "model_max_length": 8_192,
            "chat_template": _chat_template(),
        },
    )
    _write_json(folder / "config.json", _config(len(vocabulary), vocabulary[END]))
    _write_json(folder / "generation_config.json", {"eos_token_id": vocabulary[END]})
    _write_safetensors(folder / "model.safetensors", dict(_weights(vocabulary, chains)))


def _chat_template() -> str:
    korean = "messages[0].content | select('ge', '가') | select('le', '힣') | list | length > 9"
    return (
        "{% for message in messages %}"
        f"{BEGIN}{{{{ message.role }}}}\n{{{{ message.content }}}}{END}\n"
        "{% endfor %}{% if add_generation_prompt %}"
        f"{{% if {korean} %}}{KOREAN}{{% else %}}{ENGLISH}{{% endif %}}"
        "{% endif %}"
    )


# The tokenizer: byte-level BPE, and the pieces of the questions as tokens of their own.


def _learned_tokenizer(corpus: Sequence[str]) -> dict[str, Any]:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=LEARNED,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(corpus, trainer)
    made: dict[str, Any] = json.loads(tokenizer.to_str())
    return made


def _chains(questions: Sequence[str], vocabulary: dict[str, int]) -> Iterator[list[int]]:
    """Each question as tokens that no other place has, added to the vocabulary."""
    for question in questions:
        pieces: list[str] = []
        open_piece = ""
        for word in re.findall(r" ?[^ ]+", question):
            open_piece += word
            if _byte_level(open_piece) not in vocabulary:
                pieces.append(open_piece)
                open_piece = ""
        while _byte_level(open_piece) in vocabulary:  # the end is the end of another one too
            open_piece = pieces.pop() + open_piece
        pieces += [open_piece] if open_piece else []
        tokens = [_byte_level(piece) for piece in pieces]
        for token in tokens:
            vocabulary[token] = len(vocabulary)
        yield [vocabulary[token] for token in tokens]


def _byte_level(text: str) -> str:
    """As byte-level tokenizers write bytes: printable as themselves, the others from U+0100."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in plain]
    written = {byte: chr(byte) for byte in plain}
    written |= {byte: chr(256 + number) for number, byte in enumerate(others)}
    return "".join(written[byte] for byte in text.encode())


# The weights.


def _weights(
    vocabulary: dict[str, int], chains: dict[str, list[list[int]]]
) -> Iterator[tuple[str, NDArray[np.float32]]]:
    rng = np.random.default_rng(7)

    def random(*shape: int) -> NDArray[np.float32]:
        return rng.standard_normal(shape, dtype=np.float32)

    embedding = random(len(vocabulary), WIDTH)
    embedding[:, 0] = 1  # every token has it: the last matrix can prefer some whatever came before
    yield "model.embed_tokens.weight", embedding
    yield "lm_head.weight", _last_matrix(embedding, vocabulary, chains)
    yield "model.norm.weight", np.ones(WIDTH, np.float32)
    shapes = {
        "self_attn.q_proj": (HEADS * HEAD, WIDTH),
        "self_attn.k_proj": (KEY_HEADS * HEAD, WIDTH),
        "self_attn.v_proj": (KEY_HEADS * HEAD, WIDTH),
        "mlp.gate_proj": (INNER, WIDTH),
        "mlp.up_proj": (INNER, WIDTH),
    }
    back = {"self_attn.o_proj": (WIDTH, HEADS * HEAD), "mlp.down_proj": (WIDTH, INNER)}
    for layer in range(LAYERS):
        at = f"model.layers.{layer}"
        for name, shape in shapes.items():
            yield f"{at}.{name}.weight", random(*shape) * np.float32(0.02)
        for name, shape in back.items():  # a layer adds nothing to what passes through
            yield f"{at}.{name}.weight", np.zeros(shape, np.float32)
        for name in ("input_layernorm", "post_attention_layernorm"):
            yield f"{at}.{name}.weight", np.ones(WIDTH, np.float32)


def _last_matrix(
    embedding: NDArray[np.float32],
    vocabulary: dict[str, int],
    chains: dict[str, list[list[int]]],
) -> NDArray[np.float32]:
    last = np.zeros_like(embedding)

    def follows(before: int, after: int) -> None:
        last[after] += embedding[before] * np.float32(CERTAIN / WIDTH)

    for language, start in (("ko", KOREAN), ("en", ENGLISH)):
        for chain in chains[language]:
            places = [vocabulary[start], *chain, vocabulary[END]]
            for before, after in pairwise(places):
                follows(before, after)
    for token, number in vocabulary.items():
        if set(token) <= set('"}]'):
            last[number, 0] = 4.0  # JSON is closed as soon as its schema allows
        elif not set(token) - set("ĠĊčĉ"):
            last[number, 0] = -8.0  # and has no white space
    return last


def _config(vocabulary: int, end: int) -> dict[str, object]:
    return {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "hidden_act": "silu",
        "hidden_size": WIDTH,
        "intermediate_size": INNER,
        "num_hidden_layers": LAYERS,
        "num_attention_heads": HEADS,
        "num_key_value_heads": KEY_HEADS,
        "head_dim": HEAD,
        "max_position_embeddings": 8_192,
        "rms_norm_eps": 1e-5,
        "rope_theta": 100_000.0,
        "tie_word_embeddings": False,
        "attention_bias": False,
        "vocab_size": vocabulary,
        "eos_token_id": end,
        "bos_token_id": end,
        "torch_dtype": "float32",
    }


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")


def _write_safetensors(path: Path, tensors: dict[str, NDArray[np.float32]]) -> None:
    """Length of the header, the header, the numbers."""
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    offset = 0
    for name, tensor in tensors.items():
        end = offset + tensor.nbytes
        header[name] = {"dtype": "F32", "shape": tensor.shape, "data_offsets": [offset, end]}
        offset = end
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little"))
        file.write(text)
        for tensor in tensors.values():
            file.write(np.ascontiguousarray(tensor, "<f4").tobytes())


if __name__ == "__main__":
    make(Path(sys.argv[1]), [Path(name).read_text(encoding="utf-8") for name in sys.argv[2:]])
