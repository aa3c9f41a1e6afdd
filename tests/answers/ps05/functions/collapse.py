"""Learners' answers to ps05, collapse(W1, b1, W2, b2) -> (W, b): two linear layers as one."""
import numpy as np


def right__matmul(W1, b1, W2, b2):
    """W1 @ W2 and b1 @ W2 + b2."""
    return W1 @ W2, b1 @ W2 + b2


def right__unit_vectors(W1, b1, W2, b2):
    """Sends 0 and the unit vectors through both layers."""
    D = W1.shape[0]
    def net(x):
        return (x @ W1 + b1) @ W2 + b2
    b = net(np.zeros(D))
    return net(np.eye(D)) - b, b


def right__slow_loops(W1, b1, W2, b2):
    """Three nested loops."""
    D, H = W1.shape
    K = W2.shape[1]
    W, b = np.zeros((D, K)), np.zeros(K)
    for k in range(K):
        b[k] = b2[k]
        for j in range(H):
            b[k] += b1[j] * W2[j, k]
            for i in range(D):
                W[i, k] += W1[i, j] * W2[j, k]
    return W, b


def right__extra_row(W1, b1, W2, b2):
    """Bias as an extra row of the matrix, einsum."""
    A = np.vstack([W1, b1])
    C = np.einsum('ij,jk->ik', A, W2)
    return C[:-1], C[-1] + b2


def wrong__bias_forgotten__matrices(W1, b1, W2, b2):
    """b is b2 only.
    First wrong: b
    """
    return W1 @ W2, b2.copy()


def wrong__bias_forgotten__loops(W1, b1, W2, b2):
    """b1 appears nowhere.
    First wrong: b
    """
    W = np.array([[sum(row[j] * W2[j, k] for j in range(len(row))) for k in range(W2.shape[1])] for row in W1])
    return W, np.array([float(v) for v in b2])


def wrong__bias_of_other_layer__matrices(W1, b1, W2, b2):
    """b1 @ W2, and b2 is lost.
    First wrong: b
    """
    return W1 @ W2, b1 @ W2


def wrong__bias_subtracted__loops(W1, b1, W2, b2):
    """b1 @ W2 taken away.
    First wrong: b
    """
    b = b2.copy()
    for k in range(len(b)):
        for j in range(len(b1)):
            b[k] -= b1[j] * W2[j, k]
    return W1 @ W2, b


def wrong__bias_subtracted__matrices(W1, b1, W2, b2):
    """b1 @ W2 - b2.
    First wrong: b
    """
    return W1 @ W2, b1 @ W2 - b2


def wrong__bias_added_twice__matrices(W1, b1, W2, b2):
    """b2 inside the bracket and outside.
    First wrong: b
    """
    return W1.dot(W2), b1.dot(W2) + b2 + b2


def wrong__weights_forgotten__matrices(W1, b1, W2, b2):
    """The sum of b1 plus b2: b1 is not sent through W2.
    First wrong: b
    """
    return W1 @ W2, b1.sum() + b2


def wrong__weights_forgotten__loops(W1, b1, W2, b2):
    """Every b1[j] added with weight 1.
    First wrong: b
    """
    D, H = W1.shape
    K = len(b2)
    W, b = np.zeros((D, K)), np.array(b2)
    for k in range(K):
        for j in range(H):
            b[k] += b1[j]
            for i in range(D):
                W[i, k] += W1[i, j] * W2[j, k]
    return W, b


def wrong__bias_gradient_zero__matrices(W1, b1, W2, b2):
    """Two linear layers, no bias: zeros.
    First wrong: b
    """
    return W1 @ W2, np.zeros(len(b2))


def wrong__sign__matrices(W1, b1, W2, b2):
    """A minus before the product of the matrices.
    First wrong: W
    """
    return -W1 @ W2, b1 @ W2 + b2


def wrong__factor_half__loops(W1, b1, W2, b2):
    """The mean of both biases' effects.
    First wrong: b
    """
    b = [(b2[k] + sum(b1[j] * W2[j, k] for j in range(len(b1)))) / 2 for k in range(len(b2))]
    return np.matmul(W1, W2), np.array(b)


def wrong__mean_for_sum__matrices(W1, b1, W2, b2):
    """Mean over the hidden units.
    First wrong: W
    """
    return W1 @ W2 / W1.shape[1], b1 @ W2 + b2


def wrong__first_only__loops(W1, b1, W2, b2):
    """A break too many: stops after the first hidden unit.
    First wrong: W
    """
    D, H = W1.shape
    W = np.zeros((D, len(b2)))
    for i in range(D):
        for k in range(len(b2)):
            for j in range(H):
                W[i, k] += W1[i, j] * W2[j, k]
                break
    return W, b1 @ W2 + b2


def wrong__last_only__loops(W1, b1, W2, b2):
    """= where += belongs: the last hidden unit remains.
    First wrong: W
    """
    D, H = W1.shape
    W = np.zeros((D, len(b2)))
    for i in range(D):
        for j in range(H):
            for k in range(len(b2)):
                W[i, k] = W1[i, j] * W2[j, k]
    return W, b1 @ W2 + b2


def wrong__reshaped_for_transposed__matrices(W1, b1, W2, b2):
    """(W2.T @ W1.T), brought to shape with reshape.
    First wrong: W
    """
    return (W2.T @ W1.T).reshape(W1.shape[0], W2.shape[1]), b1 @ W2 + b2


def wrong__float32__matrices(W1, b1, W2, b2):
    """Products in float32.
    First wrong: W
    """
    A, B = W1.astype(np.float32), W2.astype(np.float32)
    return (A @ B).astype(float), (b1.astype(np.float32) @ B + b2.astype(np.float32)).astype(float)


def pair__sign__bias_forgotten__matrices(W1, b1, W2, b2):
    """Minus the product, and b1 forgotten.
    First wrong: W
    """
    return -(W1 @ W2), 1.0 * b2


def outside__tanh_in_between__matrices(W1, b1, W2, b2):
    """tanh of W1 before the second layer, as if there were an activation.
    First wrong: W
    """
    return np.tanh(W1) @ W2, np.tanh(b1) @ W2 + b2


def outside__bias_added_to_weights__matrices(W1, b1, W2, b2):
    """(W1 + b1) @ W2.
    First wrong: W
    """
    return (W1 + b1) @ W2, b1 @ W2 + b2


def outside__last_hidden_unit_missed__loops(W1, b1, W2, b2):
    """range(H - 1).
    First wrong: W
    """
    D, H = W1.shape
    W, b = np.zeros((D, len(b2))), b2.copy()
    for j in range(H - 1):
        W += np.outer(W1[:, j], W2[j])
        b += b1[j] * W2[j]
    return W, b


def outside__bias_through_both__matrices(W1, b1, W2, b2):
    """b plus the column sums of W, as for an input of ones.
    First wrong: b
    """
    W = W1 @ W2
    return W, b1 @ W2 + b2 + W.sum(axis=0)


def wrong__rounded_result__matrices(W1, b1, W2, b2):
    """Rounded to 4 digits.
    First wrong: W
    """
    return np.round(W1 @ W2, 4), np.round(b1 @ W2 + b2, 4)


def outside__biases_multiplied__loops(W1, b1, W2, b2):
    """b2 times b1 @ W2.
    First wrong: b
    """
    b = np.ones(len(b2))
    for k in range(len(b2)):
        b[k] = b2[k] * sum(b1[j] * W2[j, k] for j in range(len(b1)))
    return W1 @ W2, b
